import LoginCore
import TerminalFrame

/// Where the film of a recording stands.
package struct FilmView: Sendable, Hashable {
    /// How many items have been played.
    package var position: Int
    package var count: Int
    /// How many seconds of the recording pass in a second.
    package var speed: Int
    package var isPlaying: Bool

    package init(position: Int, count: Int, speed: Int, isPlaying: Bool) {
        self.position = position
        self.count = count
        self.speed = speed
        self.isPlaying = isPlaying
    }

    /// The film in one line.
    package var text: String {
        "film \(isPlaying ? "playing" : position == count ? "ended" : "paused"), \(position) of \(count), x\(speed)"
    }

    /// What the keys do while a film is on.
    package static let keys = "Space plays and pauses, . steps, + and - change the speed, 0 rewinds, :jump ENTRY"
}

/// What is done to a film.
package enum FilmCommand: Sendable, Hashable {
    case playOrPause
    /// On to the next entry.
    case step
    case faster
    case slower
    case rewind
    /// To the entry of that name, such as `A-17`.
    case jump(EntryID)

    /// What a key means while a film is on; nil for the keys of the lab.
    static func meant(by key: Key) -> FilmCommand? {
        guard case .character(let character) = key else { return nil }
        return switch character {
        case " ": .playOrPause
        case ".": .step
        case "+": .faster
        case "-": .slower
        case "0": .rewind
        default: nil
        }
    }
}
