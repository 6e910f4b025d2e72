import LoginCore
import Providers

extension AppServer.Member {
    init(number: Int, user: String, password: Secret, salt: String, isDemo: Bool = false) {
        self.init(
            number: number, user: user, salt: salt, passwordHash: Self.hash(password, salt: salt),
            demoPassword: isDemo ? password : nil)
    }

    func isRight(_ password: Secret) -> Bool {
        ConstantTime.areEqual(passwordHash, Self.hash(password, salt: salt))
    }

    private static func hash(_ password: Secret, salt: String) -> String {
        let text = AppServer.composed(password.reveal(for: .verification))
        return HexDigit.text(SecretDigest.bytes(of: salt + text)[...])
    }
}

extension AppServer {
    private static let people = collectionPrefix + "people"
    private static let sessions = collectionPrefix + "sessions"
    private static let settings = collectionPrefix + "settings"
    /// The key of the settings that were saved when an app server had one provider; a provider's own have its id.
    static let commonSettings = "settings"
    private static let drawnKey = "drawn"

    /// What stands for a session in memory and in the store: the secret itself is kept by the app alone.
    static func key(of session: Secret) -> String {
        HexDigit.text(SecretDigest.bytes(of: session.reveal(for: .verification))[...])
    }

    static func record(of member: Member) -> DurableRecord {
        DurableRecord(
            collection: people, key: member.user,
            members: [
                "accounts": .sorted(member.accounts.mapValues(json)),
                "demoPassword": member.demoPassword.map { .string($0.reveal(for: .store)) },
                "number": .whole(member.number),
                "passwordHash": .string(member.passwordHash),
                "salt": .string(member.salt),
                "user": .string(member.user),
            ])
    }

    private static func json(_ account: Account) -> JSONValue {
        .sorted([
            "banned": .bool(account.isBanned), "name": .string(account.name),
            "token": account.token.map { .string($0.reveal(for: .store)) },
        ])
    }

    static func record(of session: AppSession, key: String) -> DurableRecord {
        DurableRecord(
            collection: sessions, key: key,
            members: [
                "expires": .integer(session.expires.microseconds), "provider": .string(session.provider),
                "user": .string(session.user),
            ])
    }

    static func removal(ofSession key: String) -> CloudEffect {
        .remove(collection: sessions, key: key)
    }

    static func record(of settings: Settings, provider: String) -> DurableRecord {
        DurableRecord(
            collection: Self.settings, key: provider,
            members: [
                "sessionLifetime": .integer(settings.sessionLifetime.components.seconds),
                "tokenKind": .whole(settings.tokenKind.rawValue),
                "tokenLifetime": .integer(settings.tokenLifetime.components.seconds),
                "tokenUnitIsMillisecond": settings.tokenUnit == .milliseconds(1) ? .bool(true) : nil,
            ])
    }

    /// How many draws were made, so that none is repeated after a restart.
    var drawnRecord: DurableRecord {
        let drawn = chance.drawn
        return DurableRecord(collection: Self.settings, key: Self.drawnKey, members: ["drawn": .whole(drawn)])
    }

    /// What could be read of saved records.
    struct Restored: RestoredRecords {
        /// The provider of what was saved when an app server had one.
        let usual: String
        let owner: (_ account: String) -> String?
        var members: [Member] = []
        var sessions: [String: AppSession] = [:]
        /// By the provider's id, or as ``AppServer/commonSettings``.
        var settings: [String: Settings] = [:]
        var drawn = 0
        var problems: [String] = []

        mutating func read(_ record: DurableRecord) throws(DamagedRecord) {
            switch (record.collection, record.key) {
            case (AppServer.people, _): members.append(try member(record))
            case (AppServer.sessions, let key):
                let object = try record.object()
                guard case .integer(let expires)? = object["expires"] else {
                    throw DamagedRecord(record, "has no number \"expires\"")
                }
                sessions[key] = AppSession(
                    user: try record.text("user", in: object), provider: object["provider"]?.text ?? usual,
                    expires: Instant(microseconds: expires))
            case (AppServer.settings, AppServer.drawnKey):
                drawn = try record.number("drawn", in: try record.object())
            case (AppServer.settings, let key): settings[key] = try settings(record)
            default: throw DamagedRecord(record, "is of an unknown kind")
            }
        }

        private func member(_ record: DurableRecord) throws(DamagedRecord) -> Member {
            let object = try record.object()
            let user = try record.text("user", in: object)
            guard user == record.key else { throw DamagedRecord(record, "names another person") }
            var member = Member(
                number: try record.number("number", in: object), user: user,
                salt: try record.text("salt", in: object),
                passwordHash: try record.text("passwordHash", in: object))
            guard (1...1_000_000_000).contains(member.number) else {
                throw DamagedRecord(record, "has a number out of range")
            }
            member.demoPassword = object["demoPassword"]?.text.map { Secret($0, kind: .password) }
            if let accounts = object["accounts"]?.members {
                for account in accounts { member.accounts[account.name] = try self.account(record, account.value) }
            } else {
                // Saved when an app server had one provider.
                let isBanned = try record.flag("banned", in: object)
                if let name = object["account"]?.text {
                    let token = object["token"]?.text.map { Secret($0, kind: .token) }
                    member.accounts[owner(name) ?? usual] = Account(name: name, token: token, isBanned: isBanned)
                }
            }
            return member
        }

        private func account(_ record: DurableRecord, _ value: JSONValue) throws(DamagedRecord) -> Account {
            Account(
                name: try record.text("name", in: value),
                token: value["token"]?.text.map { Secret($0, kind: .token) },
                isBanned: try record.flag("banned", in: value))
        }

        private func settings(_ record: DurableRecord) throws(DamagedRecord) -> Settings {
            let object = try record.object()
            let kind = AuthenticationKind(rawValue: try record.number("tokenKind", in: object))
            let token = try record.number("tokenLifetime", in: object)
            let session = try record.number("sessionLifetime", in: object)
            let lifetimes = 1...31_536_000
            guard let kind, lifetimes.contains(token), lifetimes.contains(session) else {
                throw DamagedRecord(record, "has a setting out of range")
            }
            var settings = Settings(
                tokenKind: kind, tokenLifetime: .seconds(token), sessionLifetime: .seconds(session))
            if object["tokenUnitIsMillisecond"]?.bool == true { settings.tokenUnit = .milliseconds(1) }
            return settings
        }
    }
}
