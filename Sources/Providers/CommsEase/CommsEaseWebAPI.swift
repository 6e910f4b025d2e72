import LoginCore

/// What can be asked of CommsEase's web API, as far as it is played (commsease.md §11.2, §11.3).
package enum CommsEaseCommand: Hashable, Sendable {
    /// Without a token the server makes one.
    case create(accid: String, token: Secret?, profile: CommsEaseProfile)
    case update(accid: String, token: Secret?, props: String? = nil)
    case refreshToken(accid: String)
    /// The push token is nothing that the lab has; the wish is told in the transcript.
    case block(accid: String, needKick: Bool, kickNotifyExt: String?, needUnbindPushToken: Bool = false)
    case unblock(accid: String)
    case mute(accid: String, isMuted: Bool)
    /// A module that is absent stays as it is.
    case muteModules(accid: String, [CommsEaseMute: Bool])
    /// At most 100 accounts, as they were written.
    case onlineStatus(accids: [String])
    /// V2's calls for one account, the kick aside.
    case account(String, CommsEaseAccountAction)
    /// V2's look-up of several accounts.
    case accounts([String])
    /// Type 1 all devices, 2 those listed, 3 all but those listed.
    case kick(accountID: String, type: Int, deviceIDs: [String], notify: String?)
    /// The console's settings; ours, the real console is a web page.
    case consoleSettings
    case changeConsoleSettings(CommsEaseConsolePatch)
    /// The console's list of accounts and its numbers; ours as well.
    case consoleOverview
    /// Makes an account in the console, which then lists it (commsease.md §1).
    case consoleCreate(accid: String, token: Secret?)

    /// Makes an account with nothing but a name on its card.
    package static func create(accid: String, token: Secret?, name: String?) -> CommsEaseCommand {
        .create(accid: accid, token: token, profile: CommsEaseProfile(name: name))
    }
}

/// The four headers that sign a call (commsease.md §11.1).
package struct CommsEaseCredentials: Hashable, Sendable {
    package let appKey: String
    /// At most 128 characters.
    package let nonce: String
    /// Seconds since 1970 as decimal digits.
    package let curTime: String
    package let checkSum: String

    package init(appKey: String, nonce: String, curTime: String, checkSum: String) {
        self.appKey = appKey
        self.nonce = nonce
        self.curTime = curTime
        self.checkSum = checkSum
    }
}

/// A call as the server reads it; whether its signature is right is the cloud's to say.
package struct CommsEaseCall: Hashable, Sendable {
    package let command: CommsEaseCommand
    package let credentials: CommsEaseCredentials

    package init(command: CommsEaseCommand, credentials: CommsEaseCredentials) {
        self.command = command
        self.credentials = credentials
    }
}
