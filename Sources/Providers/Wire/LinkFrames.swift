import LoginCore

/// A frame from the SDK to the IM server; its wire shape is the page LinkProtocol.
package struct ClientFrame: Hashable, Sendable {
    package enum Body: Hashable, Sendable {
        case login(LinkLogin)
        case sync
        case ping
        /// Stands for sending a message.
        case echo(String)
        /// Kicks other clients of the account, by the ids of a client list.
        case kick([String])
        /// Gives the session another token of the same account.
        case renew(Secret)
        case logout
    }

    /// A number of the client's choice, 0 to 2^53 - 1, that the answer repeats.
    package var id: Int
    package var body: Body
    /// The transcript entry that caused the frame; `ref` on the wire.
    package var cause: EntryID?

    package init(id: Int, body: Body, cause: EntryID? = nil) {
        self.id = id
        self.body = body
        self.cause = cause
    }
}

/// The contents of a `login` frame.
package struct LinkLogin: Hashable, Sendable {
    package var appKey: String
    /// As sent; the server answers with the form it stores.
    package var account: String
    package var token: Secret
    /// 0 static, 1 dynamic, 2 callback.
    ///
    /// Any number gets through the codec: what it means is for the server to say.
    package var authType: Int
    /// Sent by automatic login and reconnection; `manualLogin` 0 in commsease.md §5.3.
    package var automatic: Bool
    /// Asks the server to leave out the check of the last device.
    package var forced: Bool
    /// 1 to 128 characters.
    package var deviceID: String
    /// The number of commsease.md §4, not negative.
    package var clientType: Int
    package var details: LinkClientDetails

    package init(
        appKey: String,
        account: String,
        token: Secret,
        authType: Int,
        automatic: Bool,
        forced: Bool,
        deviceID: String,
        clientType: Int,
        details: LinkClientDetails = LinkClientDetails()
    ) {
        self.appKey = appKey
        self.account = account
        self.token = token
        self.authType = authType
        self.automatic = automatic
        self.forced = forced
        self.deviceID = deviceID
        self.clientType = clientType
        self.details = details
    }
}

/// What an SDK may say of itself at a login besides; a field that is empty or 0 does not stand on the wire.
package struct LinkClientDetails: Hashable, Sendable {
    /// Which generation's codes the answer is given in, such as `v9` or `v10`; at most 16 characters.
    package var generation: String
    /// Such as `7.7.0`; empty counts as new enough for everything.
    ///
    /// At most 32 characters.
    package var sdkVersion: String
    /// Handed on to a login callback; at most 1,024 characters (commsease.md §2).
    package var loginExtension: String
    /// Handed on to a login callback; at most 32 characters (commsease.md §3).
    package var customTag: String
    /// Handed on to a login callback.
    package var customClientType: Int

    package init(
        generation: String = "", sdkVersion: String = "", loginExtension: String = "", customTag: String = "",
        customClientType: Int = 0
    ) {
        self.generation = generation
        self.sdkVersion = sdkVersion
        self.loginExtension = loginExtension
        self.customTag = customTag
        self.customClientType = customClientType
    }
}

/// A frame from the IM server to the SDK; its wire shape is the page LinkProtocol.
package struct ServerFrame: Hashable, Sendable {
    package enum Body: Hashable, Sendable {
        /// Answers the client's frame of that id.
        case reply(id: Int, LinkReply)
        case kicked(KickNotice)
        /// The session's token will end soon.
        case tokenWillExpire
        /// Other clients of the account came or went.
        case clients(ClientsChange, [OnlineClient])
        /// A frame was not understood; the id when one could be read.
        case error(code: Int, text: String, id: Int?)
        /// A frame of a type that this side does not know; read only, to be passed over.
        case unknown(type: String)
    }

    package var body: Body
    /// The transcript entry that caused the frame; `ref` on the wire.
    package var cause: EntryID?

    package init(body: Body, cause: EntryID? = nil) {
        self.body = body
        self.cause = cause
    }
}

/// The answer to one frame.
///
/// `text` is the wire's `desc`: sent only when the code is not 200.
package enum LinkReply: Hashable, Sendable {
    /// `account` and `clients`, the other clients online, are sent only when the code is 200.
    case login(code: Int, text: String, account: String, clients: [OnlineClient])
    case sync(code: Int, text: String)
    case ping(code: Int)
    /// `echoed` is sent only when the code is 200.
    case echo(code: Int, text: String, echoed: String)
    /// `kicked`: the ids that were really kicked; sent only when the code is 200.
    case kick(code: Int, text: String, kicked: [String])
    case renew(code: Int, text: String)
    case logout(code: Int, text: String)

    package var code: Int {
        switch self {
        case .login(let code, _, _, _), .sync(let code, _), .ping(let code), .echo(let code, _, _),
            .kick(let code, _, _), .renew(let code, _), .logout(let code, _):
            code
        }
    }
}

/// Why a frame was not understood, in one sentence; an `error` frame repeats both.
package struct LinkFrameProblem: Error, Hashable, Sendable {
    package let text: String
    /// The frame's id, when one could be read.
    package let id: Int?

    package init(_ text: String, id: Int? = nil) {
        self.text = text
        self.id = id
    }
}

extension ServerFrame {
    /// What the frame says to `LoginMachine`.
    ///
    /// A refused `sync`, `ping` or `echo` has no word of its own there and is a protocol error; a `logout` counts as
    /// done whatever its code, since the SDK cleans up all the same (commsease.md §2).
    package var message: LinkMessage? {
        switch body {
        case .reply(_, .login(200, _, let account, let clients)):
            .loginAccepted(account: AccountName(account), others: clients)
        case .reply(_, .login(let code, let text, _, _)): .loginRefused(code: code, text: text)
        case .reply(_, .sync(200, _)): .synced
        case .reply(_, .sync(let code, let text)): .protocolError(code: code, text: text)
        case .reply(_, .ping(200)): .pong
        case .reply(_, .ping(let code)): .protocolError(code: code, text: "ping")
        case .reply(_, .echo(200, _, let echoed)): .echoed(echoed)
        case .reply(_, .echo(let code, let text, _)): .protocolError(code: code, text: text)
        case .reply(_, .kick(let code, _, let kicked)): .kickAnswered(code: code, kicked: kicked)
        case .reply(_, .renew(let code, let text)): .renewed(code: code, text: text)
        case .reply(_, .logout): .loggedOut
        case .tokenWillExpire: .tokenWillExpire
        case .kicked(let notice): .kicked(notice)
        case .clients(let change, let clients): .clientsChanged(change, clients)
        case .error(let code, let text, _): .protocolError(code: code, text: text)
        case .unknown(let type): .unknown(type)
        }
    }

    /// The number of the client's frame that this one answers; nil for what the server says by itself.
    package var answered: Int? {
        switch body {
        case .reply(let id, _): id
        case .error(_, _, let id): id
        case .kicked, .tokenWillExpire, .clients, .unknown: nil
        }
    }
}
