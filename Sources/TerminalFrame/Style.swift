/// A colour of the sixteen that every colour terminal has, or the terminal's own.
///
/// The raw value is ours: 0 is the terminal's own colour, 1 to 16 are the terminal's colours 0 to 15.
package enum Color: UInt8, CaseIterable, Sendable {
    /// The terminal's own foreground or background.
    case standard
    case black
    case red
    case green
    case yellow
    case blue
    case magenta
    case cyan
    case white
    /// Grey.
    case brightBlack
    case brightRed
    case brightGreen
    case brightYellow
    case brightBlue
    case brightMagenta
    case brightCyan
    case brightWhite

    /// Grey, which terminals call bright black.
    package static let gray = Color.brightBlack

    /// The colour as it is called in the legend of a style plane: `bright-red`.
    package var name: String {
        switch self {
        case .standard: "standard"
        case .black: "black"
        case .red: "red"
        case .green: "green"
        case .yellow: "yellow"
        case .blue: "blue"
        case .magenta: "magenta"
        case .cyan: "cyan"
        case .white: "white"
        case .brightBlack: "bright-black"
        case .brightRed: "bright-red"
        case .brightGreen: "bright-green"
        case .brightYellow: "bright-yellow"
        case .brightBlue: "bright-blue"
        case .brightMagenta: "bright-magenta"
        case .brightCyan: "bright-cyan"
        case .brightWhite: "bright-white"
        }
    }
}

/// How a cell looks.
///
/// A terminal without colours shows the attributes only, so colour must never be the only signal.
package struct Style: Hashable, Sendable {
    package var foreground: Color
    package var background: Color
    package var isBold: Bool
    package var isDim: Bool
    package var isReversed: Bool
    package var isUnderlined: Bool

    package init(
        foreground: Color = .standard,
        background: Color = .standard,
        isBold: Bool = false,
        isDim: Bool = false,
        isReversed: Bool = false,
        isUnderlined: Bool = false
    ) {
        self.foreground = foreground
        self.background = background
        self.isBold = isBold
        self.isDim = isDim
        self.isReversed = isReversed
        self.isUnderlined = isUnderlined
    }

    /// The look of an untouched cell.
    package static let plain = Style()
}

extension Style: CustomStringConvertible {
    /// The style in words, for the legend of a style plane: `bold reversed red on blue`, `plain`.
    package var description: String {
        var words: [String] = []
        if isBold { words.append("bold") }
        if isDim { words.append("dim") }
        if isReversed { words.append("reversed") }
        if isUnderlined { words.append("underlined") }
        if foreground != .standard { words.append(foreground.name) }
        if background != .standard { words += ["on", background.name] }
        return words.isEmpty ? "plain" : words.joined(separator: " ")
    }
}
