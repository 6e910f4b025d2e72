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
    private static let settingsKey = "settings"
    private static let drawnKey = "drawn"

    /// What stands for a session in memory and in the store: the secret itself is kept by the app alone.
    static func key(of session: Secret) -> String {
        HexDigit.text(SecretDigest.bytes(of: session.reveal(for: .verification))[...])
    }

    static func record(of member: Member) -> DurableRecord {
        DurableRecord(
            collection: people, key: member.user,
            members: [
                "account": member.account.map { .string($0) },
                "banned": .bool(member.isBanned),
                "demoPassword": member.demoPassword.map { .string($0.reveal(for: .store)) },
                "number": .whole(member.number),
                "passwordHash": .string(member.passwordHash),
                "salt": .string(member.salt),
                "token": member.token.map { .string($0.reveal(for: .store)) },
                "user": .string(member.user),
            ])
    }

    static func record(of session: AppSession, key: String) -> DurableRecord {
        DurableRecord(
            collection: sessions, key: key,
            members: ["expires": .integer(session.expires.microseconds), "user": .string(session.user)])
    }

    static func removal(ofSession key: String) -> CloudEffect {
        .remove(collection: sessions, key: key)
    }

    var settingsRecord: DurableRecord {
        let settings = settings
        return DurableRecord(
            collection: Self.settings, key: Self.settingsKey,
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
        var members: [Member] = []
        var sessions: [String: AppSession] = [:]
        var settings = Settings()
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
                    user: try record.text("user", in: object), expires: Instant(microseconds: expires))
            case (AppServer.settings, AppServer.settingsKey): settings = try settings(record)
            case (AppServer.settings, AppServer.drawnKey):
                drawn = try record.number("drawn", in: try record.object())
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
            member.account = object["account"]?.text
            member.token = object["token"]?.text.map { Secret($0, kind: .token) }
            member.isBanned = try record.flag("banned", in: object)
            return member
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
