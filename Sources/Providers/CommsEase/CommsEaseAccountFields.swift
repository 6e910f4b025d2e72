import LoginCore

/// A person's card as far as the web API takes it; a field that is nil was left out.
package struct CommsEaseProfile: Hashable, Sendable {
    package var name: String?
    /// Obsolete, and V1 only.
    package var props: String?
    package var icon: String?
    package var sign: String?
    package var email: String?
    package var birth: String?
    package var mobile: String?
    /// 0 unknown, 1 male, 2 female.
    package var gender: Int?
    package var ex: String?

    package init(name: String? = nil) {
        self.name = name
    }

    /// A text of the card: its names in both dialects and its most characters (commsease.md §11.2).
    struct TextField: Sendable {
        let path: any WritableKeyPath<CommsEaseProfile, String?> & Sendable
        let v1: String
        /// Nil when V2 has no such field.
        let v2: String?
        let most: Int

        func name(_ dialect: CommsEaseDialect) -> String? { dialect == .v1 ? v1 : v2 }
    }

    /// V2's names come from the official libraries; its limits, but for the name's, are V1's.
    static let texts = [
        TextField(path: \.name, v1: "name", v2: "name", most: 64),
        TextField(path: \.props, v1: "props", v2: nil, most: 1024),
        TextField(path: \.icon, v1: "icon", v2: "avatar", most: 1024),
        TextField(path: \.sign, v1: "sign", v2: "sign", most: 256),
        TextField(path: \.email, v1: "email", v2: "email", most: 64),
        TextField(path: \.birth, v1: "birth", v2: "birthday", most: 16),
        TextField(path: \.mobile, v1: "mobile", v2: "mobile", most: 32),
        TextField(path: \.ex, v1: "ex", v2: "extension", most: 1024),
    ]

    /// Takes over what `other` does not leave out.
    package mutating func take(_ other: CommsEaseProfile) {
        for field in Self.texts {
            if let text = other[keyPath: field.path] { self[keyPath: field.path] = text }
        }
        if let gender = other.gender { self.gender = gender }
    }

    /// The card as members of a JSON object, under the names of `dialect`.
    package func members(_ dialect: CommsEaseDialect) -> [JSONMember] {
        let texts = Self.texts.compactMap { field -> JSONMember? in
            guard let name = field.name(dialect), let text = self[keyPath: field.path] else { return nil }
            return JSONMember(name, .string(text))
        }
        return texts + (gender.map { [JSONMember("gender", .integer(Int64($0)))] } ?? [])
    }

    /// Reads what can be read of a card and passes over the rest; requests are read more strictly.
    package init(lenient value: JSONValue, _ dialect: CommsEaseDialect) {
        for field in Self.texts {
            if let name = field.name(dialect) { self[keyPath: field.path] = value[name]?.text }
        }
        gender = value["gender"]?.int
    }
}

/// Where an account may not speak; none of them touches a login (commsease.md §12.4).
package enum CommsEaseMute: String, CaseIterable, Hashable, Sendable {
    /// Everywhere, `/user/mute.action`; V2 has no name for it.
    case all
    case p2p
    case team
    case room
    case qchat

    /// Those of `/user/muteModule.action`, which V2 knows too.
    package static let modules: [CommsEaseMute] = [.p2p, .team, .room, .qchat]

    package func name(_ dialect: CommsEaseDialect) -> String {
        switch (self, dialect) {
        case (.all, _): "mute"
        case (.p2p, .v1): "muteP2P"
        case (.team, .v1): "muteTeam"
        case (.room, .v1): "muteRoom"
        case (.qchat, .v1): "muteQChat"
        case (.p2p, .v2): "p2p_chat_banned"
        case (.team, .v2): "team_chat_banned"
        case (.room, .v2): "chatroom_chat_banned"
        case (.qchat, .v2): "qchat_chat_banned"
        }
    }
}

/// What a V2 call wants changed of an account; what is nil or absent stays as it is.
package struct CommsEaseAccountPatch: Hashable, Sendable {
    /// An empty token counts as left out.
    package var token: Secret?
    /// False bans the account.
    package var isEnabled: Bool?
    package var mutes: [CommsEaseMute: Bool]
    package var profile: CommsEaseProfile

    package init(
        token: Secret? = nil, isEnabled: Bool? = nil, mutes: [CommsEaseMute: Bool] = [:],
        profile: CommsEaseProfile = CommsEaseProfile()
    ) {
        self.token = token
        self.isEnabled = isEnabled
        self.mutes = mutes
        self.profile = profile
    }
}

/// What V2 calls do with one account (commsease.md §11.3).
package enum CommsEaseAccountAction: Hashable, Sendable {
    case create(CommsEaseAccountPatch)
    /// The extension goes with the kick: 256 characters at most.
    case update(CommsEaseAccountPatch, needKick: Bool, notify: String?)
    case refreshToken
    /// `isEnabled` false bans, true lifts the ban.
    case disable(isEnabled: Bool, needKick: Bool, notify: String?)
    case read
}

/// An account as V2 answers tell it.
package struct CommsEaseAccountView: Hashable, Sendable {
    package let accountID: String
    /// Nil where the answer does not tell it.
    package let token: Secret?
    package let isEnabled: Bool
    package let mutes: Set<CommsEaseMute>
    /// Nil where the answer does not tell it.
    package let profile: CommsEaseProfile?

    package init(
        accountID: String, token: Secret?, isEnabled: Bool, mutes: Set<CommsEaseMute>, profile: CommsEaseProfile?
    ) {
        self.accountID = accountID
        self.token = token
        self.isEnabled = isEnabled
        self.mutes = mutes.subtracting([.all])
        self.profile = profile
    }
}

/// An account that a call for several accounts could not tell.
package struct CommsEaseAccountFailure: Hashable, Sendable {
    package let accountID: String
    package let code: Int
    package let text: String

    package init(accountID: String, code: Int, text: String) {
        self.accountID = accountID
        self.code = code
        self.text = text
    }
}

/// An account that is online, and by which clients (commsease.md §11.2).
package struct CommsEaseOnlineAccount: Hashable, Sendable {
    package struct Client: Hashable, Sendable {
        package let clientType: Int
        /// Milliseconds since 1970.
        package let loginTime: Int64

        package init(clientType: Int, loginTime: Int64) {
            self.clientType = clientType
            self.loginTime = loginTime
        }
    }

    package let accid: String
    /// Oldest login first.
    package let clients: [Client]

    package init(accid: String, clients: [Client]) {
        self.accid = accid
        self.clients = clients
    }
}
