import LoginClient
import LoginCore
import Providers
import Services
import TerminalUI

/// One device of the lab: its profile, its network and, while it runs, its app.
struct LabDevice {
    let profile: DeviceProfile
    /// Said when another program holds the profile that was asked for.
    let profileNotice: String?
    var platform: ClientPlatform
    var settings = AppSettings()
    var network = NetworkView()
    var isInBackground = false
    var isTokenShown = false
    var path: NetworkPath?
    /// The running app; nil while its process has ended.
    var client: LoginClient?
    var running: Task<TranscriptLane, Never>?
    /// Where the transcript goes on.
    var lane: TranscriptLane
    /// The machines as they were after their last input.
    var core: ClientCore?

    init(profile: DeviceProfile, notice: String?, platform: ClientPlatform) {
        self.profile = profile
        profileNotice = notice
        self.platform = platform
        lane = TranscriptLane(.device(profile.name))
    }

    /// What the screen shows of it.
    func snapshot(provider: Provider) -> DeviceSnapshot {
        var view = DeviceSnapshot(name: profile.name, platform: platform)
        view.deviceID = String(profile.deviceID.prefix(8))
        view.productForm = settings.form
        view.afterRefusal = settings.afterRefusal
        view.renewsEarly = settings.renewsEarly
        view.isRunning = client != nil
        view.isInBackground = isInBackground
        view.network = network
        view.restoredProfileNotice = profileNotice
        guard let core else { return view }
        describe(core.sdk, provider: provider, in: &view)
        describe(core.flow, in: &view)
        view.timers = core.timers.map {
            TimerView(purpose: $0.purpose, owner: $0.key.owner, started: $0.started, due: $0.due)
        }
        return view
    }

    private func describe(_ sdk: LoginMachine, provider: Provider, in view: inout DeviceSnapshot) {
        view.sdkStateKind = sdk.phase
        view.sdkState = sdk.stopReason.map { "stopped: \($0)" } ?? sdk.phase.text
        view.loginStatus = sdk.loginStatus.rawValue
        view.connectStatus = sdk.connectStatus.rawValue
        view.mode = sdk.attempt.map { "\($0.request.mode)" } ?? ""
        view.attempt = sdk.attempt?.number
        if sdk.phase == .waiting || sdk.phase == .waitingForNetwork {
            view.backoff = BackoffView(table: sdk.backoff.table, position: sdk.backoff.count)
        }
        view.others = sdk.others
    }

    private func describe(_ flow: AppFlow, in view: inout DeviceSnapshot) {
        view.appState = flow.state.text
        if case .signedOut(let reason) = flow.state { view.appReason = reason?.description }
        if case .stopped(let reason) = flow.im, view.appReason == nil { view.appReason = reason.description }
        if case .calling = flow.recovery { view.busy = "asking the app server for a new token" }
        if case .calling = flow.renewal { view.busy = "asking the app server for a new token" }
        if case .signingIn = flow.state { view.busy = "asking the app server for a session and a token" }
        if case .registering = flow.state { view.busy = "asking the app server to register" }
        view.lease = flow.lease.text
        guard let saved = flow.saved else { return }
        view.user = saved.user.isEmpty ? nil : saved.user
        view.account = saved.account.text
        view.token = saved.token
        view.tokenKind = saved.kind
        view.tokenExpires = saved.expires
        view.tokenText = isTokenShown ? client?.reveal(saved.token) : nil
        view.savedLogin = SavedLoginView(
            text: saved.objection ?? "usable for automatic login", isUsable: saved.objection == nil)
    }
}
