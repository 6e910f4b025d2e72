import LoginClient
import LoginCore
import Providers
import Services
import TerminalUI

/// One device of the lab: its profile, its network and, while it runs, its app.
struct LabDevice {
    let profile: DeviceProfile
    private(set) var provider: Provider
    private(set) var generation: Generation
    var options: SDKOptions
    var platform: ClientPlatform
    var settings = AppSettings()
    var network = NetworkSwitch()
    var isInBackground = false
    var isTokenShown = false
    var path: NetworkPath?
    /// The running app; nil while its process has ended.
    var client: LoginClient?
    var running: Task<TranscriptLane, Never>?
    /// How many apps of the device have ended, so that a late word of one is known as such.
    var lives = 0
    /// Where the transcript goes on.
    var lane: TranscriptLane
    /// The machines as they were after their last input.
    var core: ClientCore?

    init(profile: DeviceProfile, provider: Provider, generation: Generation) {
        self.profile = profile
        self.provider = provider
        self.generation = generation
        options = generation.policy.options
        platform = generation.clientPlatforms[0]
        lane = TranscriptLane(.device(profile.name))
    }

    /// Plays another SDK, perhaps another provider's, with its usual options on its usual platform.
    mutating func play(_ generation: Generation, of provider: Provider) {
        self.provider = provider
        self.generation = generation
        options = generation.policy.options
        platform = generation.clientPlatforms[0]
    }

    /// What the screen shows of it.
    func snapshot() -> DeviceSnapshot {
        var view = DeviceSnapshot(
            name: profile.name, provider: provider.id, generation: generation.id, generationTitle: generation.title,
            platform: platform)
        view.options = options
        view.deviceID = String(profile.deviceID.prefix(8))
        view.productForm = settings.form
        view.afterRefusal = settings.afterRefusal
        view.renewsEarly = settings.renewsEarly
        view.isRunning = client != nil
        view.isInBackground = isInBackground
        view.network = network
        guard let core else { return view }
        describe(core.sdk, in: &view)
        describe(core.flow, in: &view)
        if case .signedOut(.appServer) = core.flow.state, let reason = core.sdk.stopReason {
            view.sdkState = "stopped before: \(short(reason))"  // the app's own failure is the reason of now
        }
        view.trouble = core.trouble
        if let words = generation.statusText(core.told) {
            view.loginStatus = words
            view.connectStatus = ""
        }
        view.timers = core.timers.map {
            TimerView(purpose: $0.purpose, owner: $0.key.owner, started: $0.started, due: $0.due)
        }
        return view
    }

    private func describe(_ sdk: LoginMachine, in view: inout DeviceSnapshot) {
        view.sdkStateKind = sdk.phase
        view.sdkState = sdk.stopReason.map { "stopped: \(short($0))" } ?? sdk.phase.text
        view.loginStatus = sdk.loginStatus.rawValue
        view.connectStatus = sdk.connectStatus.rawValue
        view.mode = sdk.attempt.map { "\($0.request.mode)" } ?? ""
        view.attempt = sdk.attempt?.number
        if sdk.phase == .waiting || sdk.phase == .waitingForNetwork {
            view.backoff = BackoffView(table: sdk.backoff.table, position: sdk.backoff.count)
        }
        view.others = sdk.others
    }

    /// The stop in as few words as a pane's line has room for.
    private func short(_ reason: StopReason) -> String {
        switch reason {
        case .failed(let failure, _): failure.description
        case .kicked(let notice): generation.policy.kickWords.brief(notice)
        }
    }

    /// Why the app is where it is, in the provider's words for a kick, with who caused it.
    private func sentence(_ reason: LoginScreenReason, _ provider: Provider) -> String {
        let words = generation.policy.kickWords
        guard case .stopped(.kicked(let notice)) = reason else { return reason.text(in: words) }
        let who = provider.clientPlatforms.first { $0.clientType == notice.clientType }
        // Elsewhere the text is no message to the app, such as the name of the other device.
        let isMessage = provider.operatorTexts.tellsMessage && !notice.text.isEmpty
        let text = isMessage ? "; it says: \(notice.text)" : ""
        return words.sentence(notice) + (who.map { " (\($0.name))" } ?? "") + text
    }

    private func describe(_ flow: AppFlow, in view: inout DeviceSnapshot) {
        view.appState = flow.state.text
        if case .signedOut(let reason) = flow.state { view.appReason = reason.map { sentence($0, provider) } }
        if case .stopped(let reason) = flow.im, view.appReason == nil {
            view.appReason = sentence(.stopped(reason), provider)
        }
        if case .calling = flow.recovery { view.busy = "asking the app server for a new token" }
        if case .calling = flow.renewal { view.busy = "asking the app server for a new token" }
        if case .signingIn = flow.state { view.busy = "asking the app server for a session and a token" }
        if case .registering = flow.state { view.busy = "asking the app server to register" }
        view.lease = flow.lease == .none ? "" : flow.lease.text
        guard let saved = flow.saved else { return }
        view.user = saved.user.isEmpty ? nil : saved.user
        view.account = saved.account.text
        view.token = saved.token
        view.tokenKind = saved.kind
        view.tokenExpires = saved.expires
        view.tokenText = isTokenShown ? client?.reveal(saved.token) : nil
        let use = flow.automaticLogin == .none ? "usable when the app calls login" : "usable for automatic login"
        view.savedLogin = SavedLoginView(
            text: saved.stop.map { "no automatic login: \(short($0))" }
                ?? (saved.isUsable ? use : "no automatic login before a manual one"),
            isUsable: saved.opensByItself)
    }
}
