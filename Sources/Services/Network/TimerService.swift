import NIOCore
import NIOPosix

/// Waits for time to pass; live ones go through ``live(group:)``, tests may give a closure of their own.
package struct TimerService: Sendable {
    /// Returns when this much real time has passed; throws at once when the calling task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.sleep = sleep
    }

    /// Timers on the event loops of `group`, where the sockets live too.
    ///
    /// `Task.sleep` was seen to stall on Linux with Swift 6.3: now and then every sleeping task of the process stays
    /// asleep until a much later timer is due.
    package static func live(group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) -> TimerService {
        TimerService { duration in
            let timer = group.next().scheduleTask(in: TimeAmount(duration)) {}
            try await withTaskCancellationHandler {
                try await timer.futureResult.get()
            } onCancel: {
                timer.cancel()
            }
        }
    }
}
