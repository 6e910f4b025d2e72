/// A key as the user pressed it, whatever bytes the terminal sent for it.
package enum Key: Hashable, Sendable {
    /// A key that types a character; never a control character.
    case character(Character)
    case enter
    case escape
    case tab
    case backTab
    case backspace
    case delete
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    /// A letter or sign typed with Ctrl, letters in lower case: `.control("c")`.
    case control(Character)
    /// A function key, counted from 1.
    case function(Int)
}
