import Foundation
import LoginCore

extension LabClock {
    /// The clock of a live run: the time of day at the start, and from there `scale` seconds a second.
    ///
    /// It follows the monotonic clock, so that setting the machine's clock does not move the lab's.
    static func live(scale: Int) -> LabClock {
        let start = Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        let origin = ContinuousClock.now
        return LabClock(scale: scale) {
            start + (ContinuousClock.now - origin) * scale
        }
    }
}
