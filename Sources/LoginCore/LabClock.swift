/// The one clock of a run: start + elapsed × scale.
///
/// It feeds the machines, the cloud, token times and the display, so that they never disagree. The real one is made
/// by the composition root; nothing in the core asks it for the time.
package struct LabClock: Sendable {
    /// How many seconds of lab time pass in a real second; at least 1.
    package let scale: Int
    /// The lab's time now.
    package let now: @Sendable () -> Instant
    /// No deadline on real input or output is shorter than this real time, whatever the scale; usually 500 ms.
    package let shortestDeadline: @Sendable () -> Duration

    /// What it usually is.
    package static let usualShortestDeadline: Duration = .milliseconds(500)

    /// A clock; a run on a busy machine may give real input and output more than the usual shortest time.
    package init(
        scale: Int,
        shortestDeadline: @escaping @Sendable () -> Duration = { LabClock.usualShortestDeadline },
        now: @escaping @Sendable () -> Instant
    ) {
        self.scale = max(1, scale)
        self.shortestDeadline = shortestDeadline
        self.now = now
    }

    /// The real time that a wait of `duration` lab time takes.
    package func wait(_ duration: Duration) -> Duration {
        duration / scale
    }

    /// The real time allowed to an answer that should come within `duration` lab time.
    package func deadline(_ duration: Duration) -> Duration {
        max(duration / scale, shortestDeadline())
    }

    /// The lab time that passes while real input or output takes the shortest time that it is allowed.
    package var slowest: Duration {
        shortestDeadline() * scale
    }
}
