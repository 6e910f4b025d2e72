import CCurses
import TerminalFrame

/// The pairs of colours that the terminal was given so far.
///
/// Terminals number pairs and have only so many; each is made when first used, and when none is left, text is drawn in
/// the terminal's own colours.
struct Palette {
    private struct Colours: Hashable {
        let foreground: Color
        let background: Color
    }

    private let limits: cterm_colours
    private var pairs: [Colours: Int32] = [:]

    init(_ limits: cterm_colours) {
        self.limits = limits
    }

    /// Whether the terminal shows colours.
    var hasColour: Bool { limits.colours >= 8 }

    /// The pair for a style, 0 being the terminal's own colours, and the attributes that stand in for missing colours.
    mutating func pair(for style: Style) -> (pair: Int32, attributes: UInt32) {
        guard hasColour else { return (0, 0) }
        let (foreground, attributes) = resolved(style.foreground)
        let (background, _) = resolved(style.background)
        let colours = Colours(foreground: foreground, background: background)
        if foreground == .standard, background == .standard { return (0, attributes) }
        if let known = pairs[colours] { return (known, attributes) }
        let pair = Int32(pairs.count + 1)
        guard pair < limits.pairs, cterm_define_pair(pair, foreground.number, background.number) else {
            return (0, attributes)
        }
        pairs[colours] = pair
        return (pair, attributes)
    }

    /// The nearest colour that the terminal has: where it has eight, a bright one becomes its bold counterpart.
    private func resolved(_ colour: Color) -> (Color, UInt32) {
        guard limits.colours < 16, colour.number >= 8 else { return (colour, 0) }
        // Bold black is invisible on many black terminals, dim text on none.
        if colour == .brightBlack { return (.standard, cterm_dim) }
        return (Color(rawValue: colour.rawValue - 8) ?? .standard, cterm_bold)
    }
}

extension Color {
    /// The terminal's number for the colour; -1 is its own.
    fileprivate var number: Int32 { Int32(rawValue) - 1 }
}
