/// The signs that screens are drawn with, in a Unicode and an ASCII edition.
///
/// Every sign is one column wide, except the ASCII ellipsis, which is three.
package struct Glyphs: Hashable, Sendable {
    package let horizontal: String
    package let vertical: String
    package let topLeft: String
    package let topRight: String
    package let bottomLeft: String
    package let bottomRight: String
    /// A vertical line with a branch to the right.
    package let teeRight: String
    /// A vertical line with a branch to the left.
    package let teeLeft: String
    /// A horizontal line with a branch downwards.
    package let teeDown: String
    /// A horizontal line with a branch upwards.
    package let teeUp: String
    package let cross: String

    package let arrowLeft: String
    package let arrowRight: String
    package let arrowUp: String
    package let arrowDown: String

    /// Stands before the selected row.
    package let marker: String
    /// Stands where text was cut off.
    package let ellipsis: String
    /// Stands before an item of a list.
    package let bullet: String
    /// Stands between two parts of one line.
    package let separator: String
    /// Says that something is well or on.
    package let check: String
    /// Says that something failed.
    package let failure: String
    /// Says that something needs attention.
    package let warning: String
    /// Something that is there, such as a live connection.
    package let filledCircle: String
    /// Something that is not there.
    package let hollowCircle: String
    /// Something on its way.
    package let halfCircle: String
    /// The done part of a bar.
    package let barFull: String
    /// The open part of a bar.
    package let barEmpty: String
    /// Stands for one character of a masked secret.
    package let mask: String

    /// The signs for a UTF-8 locale.
    ///
    /// All of them are older than Unicode 7 and one column wide in every width table in use.
    package static let unicode = Glyphs(
        horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘",
        teeRight: "├", teeLeft: "┤", teeDown: "┬", teeUp: "┴", cross: "┼",
        arrowLeft: "←", arrowRight: "→", arrowUp: "↑", arrowDown: "↓",
        marker: "▸", ellipsis: "…", bullet: "•", separator: "·", check: "✓", failure: "✗", warning: "!",
        filledCircle: "●", hollowCircle: "○", halfCircle: "◐", barFull: "█", barEmpty: "░", mask: "•"
    )

    /// The signs for any other locale.
    package static let ascii = Glyphs(
        horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+",
        teeRight: "+", teeLeft: "+", teeDown: "+", teeUp: "+", cross: "+",
        arrowLeft: "<", arrowRight: ">", arrowUp: "^", arrowDown: "v",
        marker: ">", ellipsis: "...", bullet: "*", separator: "-", check: "+", failure: "x", warning: "!",
        filledCircle: "@", hollowCircle: "o", halfCircle: "~", barFull: "#", barEmpty: ".", mask: "*"
    )
}
