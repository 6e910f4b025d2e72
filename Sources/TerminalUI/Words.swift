import LoginCore

// The words in which the screen speaks of closed sets of values.

extension NetworkMode {
    package var text: String { rawValue == "pass" ? "passing" : rawValue }

    package var explanation: String {
        switch self {
        case .pass: "everything works"
        case .offline: "the system says so, connections are cut"
        case .silent: "bytes are swallowed, nobody says so"
        case .refusing: "connections are refused"
        }
    }
}

extension NetworkScope {
    package var text: String {
        switch self {
        case .everything: "everything"
        case .link: "link only"
        case .appServer: "app server only"
        }
    }
}

extension ProductForm {
    package var explanation: String {
        switch self {
        case .core: "core: app login needs IM login"
        case .attached: "attached: app login alone, IM follows"
        }
    }
}

extension AfterRefusal {
    package var explanation: String {
        switch self {
        case .renewOnce: "renew the token once, log in again"
        case .ask: "ask: show the login screen"
        }
    }
}

extension LoginMachine.Phase {
    /// At most 11 columns, for the list of devices.
    package var word: String {
        switch self {
        case .uninitialised: "not started"
        case .loggedOut: "logged out"
        case .connected: "connected"
        case .acquiringToken: "needs token"
        case .connectingFirst, .connecting: "connecting"
        case .authenticating: "logging in"
        case .syncing: "syncing"
        case .online: "online"
        case .waiting: "waiting"
        case .waitingForNetwork: "no network"
        case .loggingOut: "logging out"
        case .stopped: "stopped"
        }
    }

    /// Whether the SDK does nothing and waits for the app.
    package var isIdle: Bool {
        switch self {
        case .uninitialised, .loggedOut, .connectingFirst, .connected, .stopped: true
        case .acquiringToken, .connecting, .authenticating, .syncing, .online, .waiting, .waitingForNetwork,
            .loggingOut:
            false
        }
    }

    /// Whether there is a connection, or one is being made.
    package var hasConnection: Bool {
        switch self {
        case .connectingFirst, .connected, .connecting, .authenticating, .syncing, .online, .loggingOut: true
        case .uninitialised, .loggedOut, .acquiringToken, .waiting, .waitingForNetwork, .stopped: false
        }
    }
}

extension DeviceSnapshot {
    package var isSDKIdle: Bool { sdkStateKind.isIdle || !isRunning }
}

extension Owner {
    /// What the timeline calls it; at most 6 columns.
    package var word: String {
        switch self {
        case .user: "user"
        case .app: "app"
        case .sdk: "SDK"
        case .server: "server"
        case .lab: "lab"
        }
    }
}

extension Lane {
    /// What the timeline calls it; at most 7 columns for a device of one letter.
    package var word: String {
        switch self {
        case .device(let name): name
        case .appServer: "app srv"
        case .webAPI: "web API"
        case .imServer: "IM srv"
        }
    }
}

extension TranscriptEntry.Kind {
    package var word: String {
        switch self {
        case .intent: "request of the user or the system"
        case .state: "state change"
        case .callback: "callback of the SDK to the app"
        case .httpRequest: "HTTP request"
        case .httpResponse: "HTTP response"
        case .frameSent: "frame sent"
        case .frameReceived: "frame received"
        case .timerStarted: "timer started"
        case .timerFired: "timer fired"
        case .timerCancelled: "timer cancelled"
        case .link: "connection"
        case .store: "token store"
        case .notice: "remark"
        case .misuse: "misuse: the state is unchanged"
        }
    }
}
