import LoginCore
import Providers

/// Sends HTTP requests; live ones go through ``live(group:)``, tests give closures of their own.
package struct HTTPService: Sendable {
    /// Sends one request and waits for the whole answer.
    ///
    /// - `base`: scheme, host and port without a trailing slash, such as `http://127.0.0.1:5123`.
    /// - `deadline`: real time for everything from connecting to the answer's last byte.
    ///
    /// Answers with any status are a success. Cancelling the calling task gives the attempt up as `linkClosed`.
    package var send:
        @Sendable (_ base: String, _ request: HTTPRequestValue, _ deadline: Duration) async
            -> Result<HTTPResponseValue, CloseCause>

    /// Gives up what is under way, as `linkClosed`, and refuses what comes later; nothing of it runs once this returns.
    package var shutdown: @Sendable () async -> Void

    package init(
        send:
            @escaping @Sendable (_ base: String, _ request: HTTPRequestValue, _ deadline: Duration) async
            -> Result<HTTPResponseValue, CloseCause>,
        shutdown: @escaping @Sendable () async -> Void = {}
    ) {
        self.send = send
        self.shutdown = shutdown
    }

    /// The longest answer's body, in bytes; a longer one ends as `linkClosed`.
    package static let longestBody = 1_048_576
}
