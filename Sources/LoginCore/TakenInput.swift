/// One input that a client's core took, and all that came of it: what a recording keeps.
package struct TakenInput: Sendable {
    package let input: ClientCore.Input
    package let at: Instant
    /// The entry of another lane that the input named.
    package let cause: EntryID?
    /// The number of the frame that the input answers.
    package let frame: Int?
    /// What deadlines on real input were raised to at that instant, in lab time.
    package let shortestDeadline: Duration
    package let output: ClientCore.Output
    /// The machines afterwards.
    package let core: ClientCore

    package init(
        _ input: ClientCore.Input,
        at: Instant,
        cause: EntryID?,
        frame: Int?,
        shortestDeadline: Duration,
        output: ClientCore.Output,
        core: ClientCore
    ) {
        self.input = input
        self.at = at
        self.cause = cause
        self.frame = frame
        self.shortestDeadline = shortestDeadline
        self.output = output
        self.core = core
    }
}

/// Where the two machines of a client stand, as a value that can be written down and compared.
package struct CoreState: Hashable, Sendable, Codable {
    package let sdk: LoginMachine.State
    package let isNetworkAvailable: Bool
    package let isInBackground: Bool
    package let lastLogin: AccountName?
    package let app: AppFlow.State
    package let settings: AppSettings
    package let im: AppFlow.IMStatus
    package let saved: SavedLogin?
    package let lease: Lease
    package let watch: AppFlow.Watch?
    package let renewal: AppFlow.Renewal
    package let recovery: AppFlow.Recovery
    package let told: ToldStatus

    package init(_ core: ClientCore) {
        sdk = core.sdk.state
        isNetworkAvailable = core.sdk.isNetworkAvailable
        isInBackground = core.sdk.isInBackground
        lastLogin = core.sdk.lastLogin
        app = core.flow.state
        settings = core.flow.settings
        im = core.flow.im
        saved = core.flow.saved
        lease = core.flow.lease
        watch = core.flow.watch
        renewal = core.flow.renewal
        recovery = core.flow.recovery
        told = core.told
    }
}
