import LoginCore
import TerminalFrame

/// What reaches the screen's model.
package enum UIEvent: Sendable, Equatable {
    case key(Key)
    case resized(Size)
    case snapshot(LabSnapshot)
    /// New entries, in order.
    case entries([TranscriptEntry])
    /// A film goes on from an earlier instant: what was shown has not happened yet.
    case rewound(Instant)
    /// A film begins in place of the lab; later events of it bear its number. The provider is the film's, by its id.
    case filmBegan(number: Int, provider: String)
    /// What reaches the screen of a film.
    indirect case film(number: Int, UIEvent)
    /// A film has jumped to this entry.
    case jumped(EntryID)
    /// What was to be a film cannot be one, in one sentence.
    case filmFailed(String)
    /// The built-in stories, as far as something is known of them.
    case stories([StoryView])
    /// The lab's time, sent when `Model.nextTick` is reached.
    case tick(Instant)
    /// One line for the status line.
    case message(String)
    /// What a form asked for was refused; the form comes back with this sentence.
    case commandFailed(String)
}
