import LoginCore
import Providers

/// Acts in a row that lead into moments which single acts rarely meet: a logout that hangs, a login cut off halfway.
extension Explorer {
    private enum Combination {
        case hangingLogout, overtakenAnswers, overtakenRenewal, kickMeetsLogout, callsWhileLeaving, unheardLogout
        case silentInLogin, betweenSteps, twoAtOnce, stubbornLogin, loginGivenUp, refusedTwice, withoutNetwork
        case silentAppServer, lateEndAtOnline, lateEndInLogin, callAgain
    }

    /// What is drawn from where there is a session, each as often as it stands here.
    private static let endings: [Combination] = [
        .hangingLogout, .hangingLogout, .overtakenAnswers, .kickMeetsLogout, .kickMeetsLogout, .kickMeetsLogout,
        .silentAppServer, .silentInLogin, .betweenSteps, .refusedTwice,
    ]
    /// What is drawn from where there is none.
    private static let beginnings: [Combination] = [
        .silentAppServer, .silentInLogin, .silentInLogin, .betweenSteps, .betweenSteps, .betweenSteps, .twoAtOnce,
        .twoAtOnce, .stubbornLogin, .lateEndAtOnline, .unheardLogout, .refusedTwice, .lateEndInLogin, .withoutNetwork,
    ]

    mutating func combination(_ device: VirtualDevice) -> [TimedAct] {
        let name = device.name
        let user = person(device)
        func deed(_ deed: DeviceDeed) -> StoryAct { .device(name, deed) }
        func network(_ mode: NetworkMode, _ scope: NetworkScope) -> StoryAct {
            deed(.network(NetworkSwitch(mode: mode, scope: scope)))
        }
        let logIn = deed(.logIn(user: user, password: password(of: user)))
        let other = self.other(than: device)
        // What ends a session needs one; what begins one needs none.
        let isOnline = device.core.sdk.phase == .online
        let policy = device.kind.generation.policy
        var choices = isOnline ? Self.endings : Self.beginnings
        if isOnline, policy.onlineRenewal != nil { choices.append(.overtakenRenewal) }
        if isOnline, policy.secondLogin != nil || policy.calls != nil { choices.append(.callsWhileLeaving) }
        if policy.calls != nil {
            // Five, since each cell of a logout that overtakes its login needs a hundred hits in a thousand worlds.
            choices += isOnline ? [.callAgain] : Array(repeating: .loginGivenUp, count: 5) + [.callAgain]
        }
        switch pick(choices) {
        case .hangingLogout:
            // The logout is not answered for a second.
            return [TimedAct(after: .zero, network(.silent, .link)), TimedAct(after: .milliseconds(1), deed(.logOut))]
                + (0..<3).map { _ in TimedAct(after: upTo(300), hurried(device)) }
        case .overtakenAnswers:
            // The logout overtakes the answers to what was sent before it.
            return [
                TimedAct(after: .zero, deed(.echo("last words"))), TimedAct(after: .zero, deed(.kickOthers(nil))),
                TimedAct(after: .zero, deed(.foreground)), TimedAct(after: .zero, deed(.logOut)),
            ]
        case .kickMeetsLogout:
            // A kick, or another client's coming, meets the logout.
            return [
                TimedAct(after: .zero, network(.silent, .link)),
                TimedAct(
                    after: .milliseconds(1),
                    below(2) == 0 ? .operate(person: user, .kick(notify: nil)) : .device(other, .logOut)),
                TimedAct(after: .milliseconds(trip * 5), deed(.logOut)),
                TimedAct(after: upTo(500), network(.pass, .everything)),
            ]
        case .silentAppServer:
            // The app server says nothing for a while.
            let newcomer = pick(Self.newcomers)
            let register = deed(.register(user: newcomer, password: password(of: newcomer), account: nil))
            return [
                TimedAct(after: .zero, deed(.logOut)), TimedAct(after: .seconds(2), network(.silent, .appServer)),
                TimedAct(after: .zero, below(3) == 0 ? logIn : register),
            ] + (0..<4).map { _ in TimedAct(after: upTo(2000), hurried(device)) }
        case .silentInLogin:
            // The link falls silent somewhere in a login, for longer than the login may take.
            return [
                TimedAct(after: .zero, network(.pass, .everything)), TimedAct(after: .zero, logIn),
                TimedAct(after: upTo(trip * 14), network(.silent, .link)),
                TimedAct(after: .seconds(50), deed(.foreground)),
            ]
        case .betweenSteps:
            // Something comes between the steps of an automatic login.
            return [
                TimedAct(after: .zero, deed(.restartApp)),
                TimedAct(after: .zero, deed(.logInAutomatically(forced: below(4) > 0))),
                TimedAct(after: .milliseconds(trip * 2) + upTo(trip * 3), gentle(device)),
                TimedAct(after: upTo(trip), gentle(device)), TimedAct(after: upTo(trip), hurried(device)),
            ]
        case .twoAtOnce:
            // Two devices of one account log in at the same time.
            return [
                TimedAct(after: .zero, .settings(AppServerSettingsPatch(devicePolicy: pick([1, loosest, loosest])))),
                TimedAct(after: .seconds(8), deed(.restartApp)),
                TimedAct(after: .zero, deed(.logInAutomatically(forced: true))),
                TimedAct(after: upTo(trip * 3), .device(other, .restartApp)),
                TimedAct(after: .zero, .device(other, .logInAutomatically(forced: true))),
                TimedAct(after: upTo(trip * 4), .operate(person: user, .kick(notify: nil))),
            ]
        case .stubbornLogin:
            // An automatic login goes on trying, while the app waits for it and a renewal fails.
            return [
                TimedAct(after: .zero, network(.pass, .everything)),
                TimedAct(after: .zero, deed(.changeApp(AppSettings()))),
                TimedAct(after: .zero, deed(.restartApp)), TimedAct(after: .zero, network(.refusing, .everything)),
                TimedAct(after: .zero, deed(.logInAutomatically(forced: true))),
                TimedAct(after: upTo(3000), deed(.renew)), TimedAct(after: upTo(3000), hurried(device)),
                TimedAct(
                    after: upTo(9000),
                    .operate(person: user, below(2) == 0 ? .refreshToken : .ban(kick: false, notify: nil))),
                TimedAct(after: upTo(9000), network(.pass, .everything)),
            ]
        case .lateEndAtOnline:
            // The end of the old session is told when the next login is complete: its answer was under way for long.
            return [
                TimedAct(after: .zero, network(.silent, .appServer)), TimedAct(after: .zero, deed(.logOut)),
                TimedAct(
                    after: .milliseconds(1500), deed(.startApp)),
                TimedAct(after: .zero, network(.silent, .appServer)), TimedAct(after: .zero, logIn),
                TimedAct(after: upTo(trip * 14), network(.pass, .everything)),
            ]
        case .unheardLogout:
            // The app server cannot be told of a logout, and of no other thing either.
            return [
                TimedAct(after: .zero, network(.pass, .everything)), TimedAct(after: .zero, logIn),
                TimedAct(after: .milliseconds(trip * 12), network(.refusing, .appServer)),
                TimedAct(after: .zero, deed(.logOut)), TimedAct(after: upTo(trip * 4), hurried(device)),
            ]
        case .refusedTwice:
            // In the attached form a refused token is followed by a manual login, which fails too.
            return [
                TimedAct(after: .zero, deed(.changeApp(AppSettings(form: .attached)))),
                TimedAct(after: .zero, network(.pass, .everything)), TimedAct(after: .zero, deed(.restartApp)),
                TimedAct(after: .zero, .operate(person: user, .replaceToken)),
                TimedAct(after: .milliseconds(trip * 8), deed(.logInAutomatically(forced: true))),
                TimedAct(after: .milliseconds(trip * 4) + upTo(trip * 4), network(.refusing, .link)),
            ]
        case .lateEndInLogin:
            // The end of the old session is told while the next login is under way.
            return [
                TimedAct(after: .zero, network(.silent, .appServer)), TimedAct(after: .zero, deed(.logOut)),
                TimedAct(after: upTo(3000), hurried(device)), TimedAct(after: upTo(1000), hurried(device)),
                TimedAct(after: upTo(8000), network(.pass, .everything)), TimedAct(after: .zero, logIn),
            ]
        case .overtakenRenewal:
            // The logout overtakes the answer to a new token.
            return [
                TimedAct(after: .zero, network(.pass, .everything)), TimedAct(after: .zero, deed(.renew)),
                TimedAct(after: .milliseconds(trip) + upTo(trip * 4), deed(.logOut)),
            ]
        case .callsWhileLeaving:
            // The app goes on calling its SDK while that is still logging out.
            return [
                TimedAct(after: .zero, network(.silent, .link)), TimedAct(after: .milliseconds(1), deed(.callLogout)),
                TimedAct(after: upTo(900), deed(pick([.callLogin, .callLogin, .callLogout]))),
                TimedAct(after: upTo(900), deed(pick([.callLogout, .renew]))),
                TimedAct(after: .milliseconds(trip * 4) + upTo(900), network(.pass, .everything)),
                TimedAct(after: .milliseconds(trip * 4) + upTo(900), deed(pick([.callLogout, .foreground]))),
            ]
        case .loginGivenUp:
            // A login in place of an automatic one is given up while the SDK still lets go of that, and comes again.
            return [
                TimedAct(after: .zero, network(.pass, .everything)), TimedAct(after: .zero, deed(.restartApp)),
                TimedAct(after: .zero, deed(.logInAutomatically(forced: true))),
                TimedAct(after: .milliseconds(trip * 5 / 2) + upTo(trip * 2), network(.silent, .link)),
                TimedAct(after: .zero, logIn), TimedAct(after: upTo(300), deed(.logOut)),
                TimedAct(
                    after: upTo(300), below(3) < 2 ? deed(.logInAutomatically(forced: true)) : deed(.foreground)),
                TimedAct(after: upTo(1500), network(.pass, .everything)),
            ]
        case .callAgain:
            // The app calls login although it is logged in: in its session, while that comes back, or waits to.
            let harm = [
                deed(.cut), network(.pass, .everything), network(.refusing, .link), network(.offline, .everything),
            ]
            return [
                TimedAct(after: .zero, pick(harm)),
                TimedAct(after: upTo(below(2) == 0 ? trip * 9 : 9000), deed(.callLogin)),
                TimedAct(after: upTo(trip * 9), deed(.callLogin)),
                TimedAct(after: upTo(3000), network(.pass, .everything)),
            ]
        case .withoutNetwork:
            // A manual login is tried without a network, and the network comes back meanwhile.
            return [
                TimedAct(after: .zero, deed(.logOut)), TimedAct(after: .seconds(2), network(.offline, .link)),
                TimedAct(after: .zero, logIn), TimedAct(after: upTo(trip * 6), network(.pass, .everything)),
            ]
        }
    }

    /// An act that leaves a login alone, or breaks its link.
    private mutating func gentle(_ device: VirtualDevice) -> StoryAct {
        let deeds: [DeviceDeed] = [.echo("early"), .kickOthers(nil), .background, .foreground, .cut]
        return .device(device.name, pick(deeds))
    }

    /// Another device of the world, of the same account where there is one; the device itself when it is alone.
    private mutating func other(than device: VirtualDevice) -> String {
        let devices = exploration.world.devices
        guard let place = devices.firstIndex(where: { $0.name == device.name }) else { return device.name }
        return devices[(place + 2) % devices.count].name
    }

    private mutating func upTo(_ milliseconds: Int64) -> Duration {
        .milliseconds(Int64(below(UInt64(max(milliseconds, 0) + 1))))
    }
}
