import LoginCore

/// Where the film of a recording stands.
package struct FilmView: Sendable, Hashable {
    /// How many items have been played.
    package var position: Int
    package var count: Int
    /// How many seconds of the recording pass in a second.
    package var speed: Int
    package var isPlaying: Bool
    /// What it is a film of, such as the name of a story or of a file.
    package var name: String

    package init(name: String = "", position: Int, count: Int, speed: Int, isPlaying: Bool) {
        self.name = name
        self.position = position
        self.count = count
        self.speed = speed
        self.isPlaying = isPlaying
    }

    /// The film in one line.
    package var text: String {
        let state = isPlaying ? "playing" : position == count ? "ended" : "paused"
        // The name last: it is what may be cut off.
        return "film \(state), \(position) of \(count), x\(speed)" + (name.isEmpty ? "" : "  \(name)")
    }
}

/// A film on the screen of a lab, which goes on behind it: a model of its own, so that the lab's is left alone.
package indirect enum Screening: Sendable {
    case film(number: Int, Model)
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

    /// What an action of a film's key asks for; nil for the others.
    init?(_ action: Action) {
        switch action {
        case .filmPlay: self = .playOrPause
        case .filmStep: self = .step
        case .filmFaster: self = .faster
        case .filmSlower: self = .slower
        case .filmRewind: self = .rewind
        default: return nil
        }
    }
}
