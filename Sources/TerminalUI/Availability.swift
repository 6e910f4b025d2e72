import LoginCore
import Providers

extension Model {
    /// Why an action cannot be done now, in one sentence that says what to do; nil when it can.
    ///
    /// Only what makes no sense is held back: a login that will fail is what the lab is for.
    package func obstacle(_ action: Action) -> String? {
        if isFilm, let obstacle = filmObstacle(action) { return obstacle }
        switch action {
        case .quit, .redraw, .suspend, .help, .palette, .settingsMenu, .backendMenu, .filter, .toggleHeartbeats,
            .zoomTimeline, .clear:
            return snapshot == nil && action == .settingsMenu ? Self.tooEarly : nil
        case .operatorMenu:
            return snapshot == nil ? Self.tooEarly : snapshot?.operatorObstacle
        case .storiesMenu:
            return nil
        case .filmPlay, .filmStep, .filmFaster, .filmSlower, .filmRewind, .filmJump, .filmLeave:
            return isFilm ? nil : "No film is on: m has the stories, :film FILE plays a recording."
        case .addDevice:
            guard let snapshot else { return Self.tooEarly }
            return snapshot.devices.count >= 9 ? "Nine devices are the most." : nil
        case .nextDevice, .previousDevice, .selectDevice:
            return snapshot == nil ? Self.tooEarly : nil
        case .inspect, .timelineUp, .timelineDown, .timelinePageUp, .timelinePageDown, .timelineStart, .timelineEnd:
            return timeline.count == 0 ? "The timeline has nothing to show yet." : nil
        case .toggleLane:
            return selectedDevice == nil ? Self.tooEarly : nil
        case .signIn, .register, .tokenLogin, .automaticLogin, .forcedLogin, .logOut, .echo, .kickOthers, .networkMenu,
            .cut, .toggleBackground, .restartApp, .toggleRunning, .renewNow, .toggleToken:
            return deviceObstacle(action)
        case .formSubmit, .formCancel, .formNextField, .formPreviousField, .formUp, .formDown, .formShowSecrets,
            .textLeft, .textRight, .textHome, .textEnd, .textBackspace, .textDelete, .textDeleteToStart,
            .textDeleteWord, .menuUp, .menuDown, .menuFirst, .menuLast, .menuChoose, .menuBack, .inspectUp,
            .inspectDown, .inspectPageUp, .inspectPageDown, .inspectStart, .inspectEnd, .inspectCause, .inspectEffect,
            .inspectBack, .helpUp, .helpDown, .helpPageUp, .helpPageDown, .helpRun, .helpErase, .helpBack, .filterKeep,
            .filterDrop, .storyUp, .storyDown, .storyPageUp, .storyPageDown, .storyFirst, .storyLast, .storyPlay,
            .storyBack:
            return nil
        }
    }

    /// Why something cannot be done in a film: it can be looked at, and nothing else.
    private func filmObstacle(_ action: Action) -> String? {
        switch action {
        case .signIn, .register, .tokenLogin, .automaticLogin, .forcedLogin, .logOut, .echo, .kickOthers, .networkMenu,
            .cut, .toggleBackground, .restartApp, .toggleRunning, .renewNow, .toggleToken, .operatorMenu, .settingsMenu,
            .backendMenu, .storiesMenu, .addDevice:
            "This is a film: q leaves it."
        default: nil
        }
    }

    private static let tooEarly = "The lab is still starting."

    private func deviceObstacle(_ action: Action) -> String? {
        guard let snapshot, let device = selectedDevice else { return Self.tooEarly }
        if case .starting = snapshot.backend, action != .networkMenu { return "The backend is still starting." }
        switch action {
        case .restartApp, .toggleRunning, .networkMenu:
            return nil
        case .toggleToken:
            return device.token == nil ? "There is no token on \(device.name): log in first (l)." : nil
        default:
            guard device.isRunning else { return "The app on \(device.name) does not run: start it with E." }
            return runningObstacle(action, device)
        }
    }

    private func runningObstacle(_ action: Action, _ device: DeviceSnapshot) -> String? {
        switch action {
        case .tokenLogin where answersSecondLogin(device):
            return nil  // the SDK itself says no
        case .signIn, .register, .tokenLogin:
            return loginObstacle(device)
        case .automaticLogin, .forcedLogin:
            if let obstacle = loginObstacle(device) { return obstacle }
            return savedLoginObstacle(device)
        case .logOut:
            return device.user == nil && device.account == nil && device.sdkStateKind.isIdle && device.busy == nil
                ? "Nobody is logged in on \(device.name)." : nil
        case .echo:
            return device.sdkStateKind == .online ? nil : "Not online: an echo needs a login that is complete."
        case .kickOthers:
            guard device.sdkStateKind == .online else { return "Not online: only an online client can kick others." }
            return device.others.isEmpty ? "No other client of this account is online." : nil
        case .cut:
            return device.sdkStateKind.hasConnection || device.busy != nil ? nil : "There is no connection to cut."
        case .renewNow:
            return device.user == nil ? "The app has no session to renew with: log in first (l)." : nil
        default:
            return nil
        }
    }

    private func savedLoginObstacle(_ device: DeviceSnapshot) -> String? {
        guard !device.savedLogin.isUsable else { return nil }
        guard device.savedLogin != .none else {
            return "There is no saved login on \(device.name): log in manually first (l)."
        }
        let text = device.savedLogin.text
        return "\(text.prefix(1).uppercased())\(text.dropFirst()) (l logs in manually)."
    }

    /// Whether a login call on a device that is online is answered by its SDK, so that there is something to see.
    private func answersSecondLogin(_ device: DeviceSnapshot) -> Bool {
        device.sdkStateKind == .online && device.busy == nil
            && provider(of: device).generation(device.generation)?.policy.secondLogin != nil
    }

    private func loginObstacle(_ device: DeviceSnapshot) -> String? {
        if let busy = device.busy { return "The app is \(busy): wait, or log out to end it (o)." }
        return switch device.sdkStateKind {
        case .uninitialised, .loggedOut, .connectingFirst, .connected, .stopped: nil
        case .online: "Logged in already: log out first (o)."
        case .waiting, .waitingForNetwork: "The SDK is logging in again by itself: log out first (o)."
        case .acquiringToken, .connecting, .authenticating, .syncing: "A login is under way: log out to end it (o)."
        case .loggingOut: "A logout is under way."
        }
    }
}
