import LoginCore
import Providers

/// Everything that the screen shows besides the timeline: a projection, pushed whenever it changes.
///
/// The views read nothing else, so a screen can be made in a test from a value.
package struct LabSnapshot: Sendable, Equatable {
    package var backend: BackendStatus
    /// How many seconds of lab time pass in a real second; at least 1.
    package var timeScale: Int
    /// The lab's time when the snapshot was made.
    package var now: Instant
    /// The providers whose SDKs the backend has a cloud for, by their ids; the first is for whoever names none.
    package var providers: [String]
    /// What the app server says of the providers whose SDKs the devices are built with, by their ids.
    package var facts: [String: ProviderFacts]
    /// In the order of their names; nine at the most.
    package var devices: [DeviceSnapshot]
    /// Remarks on the run, such as a store that was set aside; each is shown until a key is pressed.
    package var notices: [String]
    /// The film that is on; nil in a lab that is alive.
    package var film: FilmView?
    /// What does not work for the whole lab just now, such as a full disk; nil when all does.
    package var trouble: String?
    /// Why operator commands cannot be given, in one sentence; nil when they can.
    package var operatorObstacle: String?

    package init(
        backend: BackendStatus,
        now: Instant,
        timeScale: Int = 1,
        providers: [String] = [],
        facts: [String: ProviderFacts] = [:],
        devices: [DeviceSnapshot] = [],
        notices: [String] = [],
        operatorObstacle: String? = nil
    ) {
        self.backend = backend
        self.now = now
        self.timeScale = timeScale
        self.providers = providers
        self.facts = facts
        self.devices = devices
        self.notices = notices
        self.operatorObstacle = operatorObstacle
    }
}

/// What the operator sees of one provider.
package struct ProviderFacts: Sendable, Equatable {
    /// The app server's users in order of creation, with their accounts there; empty when nobody may ask for them.
    package var people: [PersonView]
    /// Nil while nobody knows them: before the backend answered, and without the operator's key.
    package var settings: SettingsView?

    package init(people: [PersonView] = [], settings: SettingsView? = SettingsView()) {
        self.people = people
        self.settings = settings
    }
}

/// How the backend is.
package enum BackendStatus: Sendable, Hashable {
    case starting
    /// The URLs have no trailing slash.
    case ready(appServer: String, webAPI: String, imLink: String)
    /// Ended on purpose; its ports are kept for starting it again.
    case killed
    /// It could not start; one sentence says why and what to do.
    case failed(String)
    /// Somebody else's, at this URL: it can be used and not be killed.
    case foreign(String)
}

/// One user of the app server.
package struct PersonView: Sendable, Hashable {
    package var user: String
    /// The account with the provider; nil before the first login gave one.
    package var account: String?
    /// The password of a seeded person, shown on purpose; nil for everybody else.
    package var demoPassword: String?
    package var isBanned: Bool

    package init(user: String, account: String? = nil, demoPassword: String? = nil, isBanned: Bool = false) {
        self.user = user
        self.account = account
        self.demoPassword = demoPassword
        self.isBanned = isBanned
    }
}

/// The settings that hold for every device of a provider.
package struct SettingsView: Sendable, Hashable {
    /// 1 one terminal, 2 desktop and mobile, 3 all.
    package var devicePolicy: Int
    package var tokenKind: AuthenticationKind
    /// The life of a dynamic token in seconds.
    package var tokenLifetime: Int

    package init(devicePolicy: Int = 1, tokenKind: AuthenticationKind = .fixed, tokenLifetime: Int = 600) {
        self.devicePolicy = devicePolicy
        self.tokenKind = tokenKind
        self.tokenLifetime = tokenLifetime
    }
}

/// A timer that runs.
package struct TimerView: Sendable, Hashable {
    /// What comes when it fires: `next attempt`, `heartbeat`, `probe 2 of 5`, `token renewal`.
    package var purpose: String
    package var owner: Owner
    package var started: Instant
    package var due: Instant

    package init(purpose: String, owner: Owner, started: Instant, due: Instant) {
        self.purpose = purpose
        self.owner = owner
        self.started = started
        self.due = due
    }
}

/// The back-off table and where the SDK stands in it.
package struct BackoffView: Sendable, Hashable {
    /// The delays in order; the last one repeats.
    package var table: [Duration]
    /// Which delay is being waited, 1 for the first; it grows past the table's end.
    package var position: Int

    package init(table: [Duration], position: Int) {
        self.table = table
        self.position = position
    }
}

/// The saved login of a device.
package struct SavedLoginView: Sendable, Hashable {
    /// `usable for automatic login`, `not usable: 417 …`, `none`.
    package var text: String
    /// Whether an automatic login may use it.
    package var isUsable: Bool

    package init(text: String, isUsable: Bool) {
        self.text = text
        self.isUsable = isUsable
    }

    package static let none = SavedLoginView(text: "none", isUsable: false)
}

/// One device: its app, its SDK, its network.
package struct DeviceSnapshot: Sendable, Equatable {
    /// The profile's name: `A`.
    package var name: String
    /// The device id, shortened by whoever makes the snapshot.
    package var deviceID: String
    /// The id of the provider of the SDK.
    package var provider: String
    /// Id and title of the SDK that is played.
    package var generation: String
    package var generationTitle: String
    package var options: SDKOptions
    package var platform: ClientPlatform
    package var productForm: ProductForm
    package var afterRefusal: AfterRefusal
    /// Whether the app renews a token at 80 % of its life.
    package var renewsEarly: Bool
    /// Whether the device's app process runs.
    package var isRunning: Bool
    package var isInBackground: Bool
    package var network: NetworkSwitch

    package var sdkStateKind: LoginMachine.Phase
    /// The state in words: `online`, `stopped: 417 …`.
    package var sdkState: String
    /// How the SDK itself calls its login status, or the general words for it.
    package var loginStatus: String
    package var connectStatus: String
    /// `manual`, `automatic`, `automatic, forced`; empty when nothing was asked for.
    package var mode: String
    /// The attempt that runs or comes next, 1 for the first.
    package var attempt: Int?
    package var backoff: BackoffView?
    /// Why the SDK is not online yet or no longer, while it still tries.
    package var trouble: String?

    /// `login screen`, `signed in`.
    package var appState: String
    /// Why the app is where it is, in one sentence.
    package var appReason: String?
    /// What the app is waiting for: `asking the app server for a token`.
    package var busy: String?
    package var timers: [TimerView]

    package var user: String?
    package var account: String?
    package var token: SecretRef?
    /// The token itself, only while the user wants to see it.
    package var tokenText: String?
    package var tokenKind: AuthenticationKind?
    package var tokenExpires: Instant?
    /// The lease in words: `permanent`, `valid`, `expired`.
    package var lease: String
    package var savedLogin: SavedLoginView
    /// The other clients of the account that are online.
    package var others: [OnlineClient]

    package init(
        name: String, provider: String = "", generation: String = "", generationTitle: String = "",
        platform: ClientPlatform
    ) {
        self.name = name
        self.provider = provider
        self.generation = generation
        self.generationTitle = generationTitle
        options = SDKOptions(calls: nil)
        self.platform = platform
        deviceID = ""
        productForm = .core
        afterRefusal = .renewOnce
        renewsEarly = true
        isRunning = true
        isInBackground = false
        network = NetworkSwitch()
        sdkStateKind = .loggedOut
        sdkState = "logged out"
        loginStatus = "logged out"
        connectStatus = "disconnected"
        mode = ""
        appState = "login screen"
        timers = []
        lease = ""
        savedLogin = .none
        others = []
    }
}
