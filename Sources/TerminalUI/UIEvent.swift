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
    /// The lab's time, sent when `Model.nextTick` is reached.
    case tick(Instant)
    /// One line for the status line.
    case message(String)
    /// What a form asked for was refused; the form comes back with this sentence.
    case commandFailed(String)
}
