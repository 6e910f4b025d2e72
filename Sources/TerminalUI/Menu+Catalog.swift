import LoginCore
import Providers

extension Menu {
    /// The heading, made from the model.
    package func title(_ model: Model) -> String {
        switch kind {
        case .network(let device): "Network of \(device)"
        case .kickOthers(let device): "Kick other clients of \(device)'s account"
        case .operators(let user):
            if let person = Self.person(user, model) {
                "Operator: \(person.user), \(person.account.map { "account \($0)" } ?? "no account yet")"
            } else {
                "Operator"
            }
        case .people: "Operator: whom?"
        case .oneDevice(let account): "Kick one device of account \(account)"
        case .deletion(let account): "Delete account \(account) at the provider?"
        case .settings(let device):
            "Settings of \(device), and of \(model.isMixed ? "all with \(model.provider.title)" : "the whole lab")"
        case .generation(let device): "SDK of \(device)"
        case .options(let device): "SDK options of \(device)"
        case .platform(let device): "Platform of \(device)"
        case .devicePolicy: "Device policy: who may be online together"
        case .backend: "Backend"
        }
    }

    /// Lines above the rows.
    package func remarks(_ model: Model) -> [String] {
        guard case .backend = kind, let snapshot = model.snapshot else { return [] }
        switch snapshot.backend {
        case .starting: return ["starting"] + snapshot.notices
        case .ready(let appServer, let webAPI, let imLink):
            return ["app server  \(appServer)", "web API     \(webAPI)", "IM link     \(imLink)"] + snapshot.notices
        case .killed: return ["killed; its ports are kept for starting it again"] + snapshot.notices
        case .failed(let why): return [why] + snapshot.notices
        case .foreign(let url): return ["somebody else's app server  \(url)"] + snapshot.notices
        }
    }

    package func items(_ model: Model) -> [MenuItem] {
        switch kind {
        case .network(let device): Self.network(device, model)
        case .kickOthers(let device): Self.kickOthers(device, model)
        case .operators(let user): Self.operators(user, model)
        case .oneDevice(let account): Self.devices(of: account, model)
        case .deletion(let account):
            [
                MenuItem("y", "delete it", "it cannot be brought back", .command(.deleteAccount(account: account)))
            ]
        case .people:
            model.people.enumerated().map { index, person in
                MenuItem(
                    index < 9 ? Character("\(index + 1)") : nil, person.user,
                    (person.account ?? "no account yet") + (person.isBanned ? ", banned" : ""), .person(person.user))
            }
        case .settings(let device): Self.settings(device, model)
        case .generation(let device): Self.generations(device, model)
        case .options(let device): Self.options(device, model)
        case .platform(let device): Self.platforms(device, model)
        case .devicePolicy: Self.policies(model)
        case .backend: Self.backend(model)
        }
    }

    /// The person that operator commands are about: the one named, the selected device's, or the first one.
    static func person(_ user: String?, _ model: Model) -> PersonView? {
        let people = model.people
        if let user { return people.first { $0.user == user } }
        if let device = model.selectedDevice {
            if let found = people.first(where: { $0.user == device.user && $0.account == device.account }) {
                return found
            }
            if let account = device.account {
                return people.first { $0.account == account }
                    ?? PersonView(user: device.user ?? account, account: account)
            }
        }
        return people.first
    }

    private static func network(_ device: String, _ model: Model) -> [MenuItem] {
        let now = model.device(named: device)?.network ?? NetworkSwitch()
        func row(_ key: Character, _ mode: NetworkMode, _ scope: NetworkScope) -> MenuItem {
            MenuItem(
                key, "\(mode.text), \(scope.text)", mode.explanation,
                isCurrent: now == NetworkSwitch(mode: mode, scope: scope),
                .command(.setNetwork(device: device, mode: mode, scope: scope)))
        }
        var items = [
            MenuItem(
                "0", "passing", NetworkMode.pass.explanation, isCurrent: now.mode == .pass,
                .command(.setNetwork(device: device, mode: .pass, scope: .everything)))
        ]
        var number = 1
        for mode in NetworkMode.allCases where mode != .pass {
            for scope in NetworkScope.allCases {
                items.append(row(Character("\(number)"), mode, scope))
                number += 1
            }
        }
        return items
    }

    private static func kickOthers(_ device: String, _ model: Model) -> [MenuItem] {
        let others = model.device(named: device)?.others ?? []
        var items: [MenuItem] = []
        if others.count > 1 {
            items.append(
                MenuItem(
                    "a", "all \(others.count) of them", "",
                    .command(.kickOthers(device: device, clients: others.map(\.id)))))
        }
        for (index, other) in others.enumerated() {
            items.append(
                MenuItem(
                    index < 9 ? Character("\(index + 1)") : nil, model.clientName(other), "client \(other.id)",
                    .command(.kickOthers(device: device, clients: [other.id]))))
        }
        return items
    }

    private static func devices(of account: String, _ model: Model) -> [MenuItem] {
        (model.snapshot?.devices ?? []).filter { $0.account == account }.enumerated().map { index, device in
            MenuItem(
                index < 9 ? Character("\(index + 1)") : nil, device.name, "\(device.platform.name), \(device.sdkState)",
                obstacle: device.sdkStateKind == .online ? nil : "\(device.name) is not online.",
                .command(.kickDevice(account: account, device: device.name)))
        }
    }

    private static func operators(_ user: String?, _ model: Model) -> [MenuItem] {
        let person = person(user, model)
        let obstacle =
            model.snapshot?.operatorObstacle
            ?? (person == nil
                ? "There is nobody yet: register a person first."
                : person?.account == nil ? "No account yet: \(person?.user ?? "") gets one at the first login." : nil)
        let account = person?.account ?? ""
        let texts = model.provider.operatorTexts
        let banned = person?.isBanned == true
        return [
            MenuItem(
                "b", "ban", texts.ban,
                obstacle: obstacle ?? (banned ? "Banned already." : nil),
                .command(.ban(account: account, kick: false, notify: nil))),
            MenuItem(
                "k", "ban and kick", texts.banAndKick,
                obstacle: obstacle ?? (banned ? "Banned already." : nil), .form(.banAndKick(account: account))),
            MenuItem(
                "n", "unban", "logins work again", isCurrent: false,
                obstacle: obstacle ?? (banned ? nil : "Not banned."), .command(.unban(account: account))),
            MenuItem("x", "kick", texts.kick, obstacle: obstacle, .form(.kick(account: account))),
            MenuItem(
                "o", "kick one device", texts.kickDevice ?? "not with \(model.provider.title)",
                obstacle: obstacle
                    ?? (texts.kickDevice == nil ? "\(model.provider.title) can kick no device alone." : nil),
                .menu(.oneDevice(account: account))),
            MenuItem(
                "t", "update \(texts.credential)",
                texts.updateTokenObstacle == nil ? texts.updateToken : "not with \(model.provider.title)",
                obstacle: obstacle ?? texts.updateTokenObstacle,
                .form(.updateToken(account: account))),
            MenuItem(
                "r", "refresh \(texts.credential)", texts.refreshToken, obstacle: obstacle,
                .command(.refreshToken(account: account))),
            MenuItem(
                "a", "delete account", texts.delete ?? "not with \(model.provider.title)",
                obstacle: obstacle
                    ?? (texts.delete == nil ? "Accounts of \(model.provider.title) cannot be deleted." : nil),
                .menu(.deletion(account: account))),
            MenuItem(
                "u", "unbind", "the provider keeps the account", obstacle: obstacle,
                .command(.unbind(user: person?.user ?? ""))),
            MenuItem(
                "d", "bind", "to a new account",
                obstacle: model.snapshot?.operatorObstacle
                    ?? (person == nil
                        ? obstacle : person?.account == nil ? nil : "Has an account: unbind it first (u)."),
                .command(.bind(user: person?.user ?? ""))),
            presence(of: account, model.provider, obstacle),
            MenuItem(
                "c", "console", "what it lists, and how many were active today",
                obstacle: model.snapshot?.operatorObstacle, .command(.showConsole)),
            MenuItem("p", "another person", "", .menu(.people)),
        ]
    }

    private static func presence(of account: String, _ provider: Provider, _ obstacle: String?) -> MenuItem {
        let query = provider.presenceQueries.first
        return MenuItem(
            "s", "online status", query.map { "what \($0) tells" } ?? "not with \(provider.title)",
            obstacle: obstacle ?? (query == nil ? "\(provider.title) does not tell who is online." : nil),
            .command(.askPresence(account: account)))
    }

    private static func settings(_ name: String, _ model: Model) -> [MenuItem] {
        guard let device = model.device(named: name) else { return [] }
        let lab = model.settings ?? SettingsView()
        let otherForm: ProductForm = device.productForm == .core ? .attached : .core
        let otherRefusal: AfterRefusal = device.afterRefusal == .renewOnce ? .ask : .renewOnce
        let kinds = model.provider.authenticationKinds
        let kind = kinds.firstIndex(of: lab.tokenKind) ?? 0
        let otherKind = kinds.isEmpty ? lab.tokenKind : kinds[(kind + 1) % kinds.count]
        return [
            MenuItem(
                "f", "product form", device.productForm.explanation,
                .change(.setProductForm(device: name, otherForm))),
            MenuItem(
                "r", "after a refusal", device.afterRefusal.explanation,
                .change(.setAfterRefusal(device: name, otherRefusal))),
            MenuItem(
                "e", "early renewal",
                device.renewsEarly ? "on: at 80 % of a token's life" : "off: after a refusal only",
                .change(.setEarlyRenewal(device: name, !device.renewsEarly))),
            MenuItem(
                "g", "SDK generation", device.generationTitle,
                obstacle: device.isSDKIdle ? nil : "An app is built with its SDK: log out first (o).",
                .menu(.generation(device: name))),
            MenuItem(
                "o", "SDK options", device.options.summary,
                obstacle: device.isSDKIdle ? nil : "The SDK learns its options at the start: log out first (o).",
                .menu(.options(device: name))),
            MenuItem(
                "p", "platform", device.platform.name,
                obstacle: device.isSDKIdle ? nil : "The server learns the platform at login: log out first (o).",
                .menu(.platform(device: name))),
            MenuItem(
                "d", "device policy", "\(lab.devicePolicy) \(model.policyName(lab.devicePolicy))",
                .menu(.devicePolicy)),
            MenuItem(
                "k", "token kind", model.provider.name(of: lab.tokenKind),
                obstacle: kinds.count > 1 ? nil : "\(model.provider.title) has one kind of token.",
                .change(.setTokenKind(otherKind))),
            MenuItem(
                "l", "token life",
                "\(lab.tokenLifetime) s" + (model.provider.ends(lab.tokenKind) ? "" : ", for dynamic tokens"),
                .form(.tokenLifetime)),
        ]
    }

    private static func platforms(_ name: String, _ model: Model) -> [MenuItem] {
        let now = model.device(named: name)?.platform
        let generation = model.device(named: name)?.generation ?? ""
        let platforms = model.provider.generation(generation)?.clientPlatforms ?? model.provider.clientPlatforms
        return platforms.enumerated().map { index, platform in
            MenuItem(
                index < 9 ? Character("\(index + 1)") : nil, platform.name, "client type \(platform.clientType)",
                isCurrent: platform == now, .command(.setPlatform(device: name, platform)))
        }
    }

    private static func policies(_ model: Model) -> [MenuItem] {
        let now = model.settings?.devicePolicy
        return model.provider.devicePolicies.indices.map { $0 + 1 }.map { policy in
            MenuItem(
                Character("\(policy)"), model.policyName(policy), "", isCurrent: policy == now,
                .command(.setDevicePolicy(policy)))
        }
    }

    private static func backend(_ model: Model) -> [MenuItem] {
        let status = model.snapshot?.backend ?? .starting
        let (killing, starting): (String?, String?) =
            switch status {
            case .starting: ("The backend is still starting.", "The backend is starting already.")
            case .ready: (nil, "The backend runs already.")
            case .killed: ("The backend is killed already.", nil)
            case .failed: ("The backend does not run.", nil)
            case .foreign: ("This backend is somebody else's.", "This backend is somebody else's.")
            }
        return [
            MenuItem("k", "kill", "listeners close, connections are reset", obstacle: killing, .command(.killBackend)),
            MenuItem(
                "s", "start again", "same ports, accounts from disk, no sessions", obstacle: starting,
                .command(.startBackend)),
        ]
    }
}
