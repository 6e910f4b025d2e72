import LoginCore
import Providers

/// How calls of the web API stand in the transcript.
extension CommsEaseCloud {
    /// Method and path, an account's name left out of it, so that two runs compare.
    static func title(of command: CommsEaseCommand) -> String {
        switch command {
        case .create: "POST /user/create.action"
        case .update: "POST /user/update.action"
        case .refreshToken: "POST /user/refreshToken.action"
        case .block: "POST /user/block.action"
        case .unblock: "POST /user/unblock.action"
        case .mute: "POST /user/mute.action"
        case .muteModules: "POST /user/muteModule.action"
        case .onlineStatus: "POST /user/userOnlineStatus.action"
        case .account(_, .create): "POST /im/v2/accounts"
        case .account(_, .update): "PATCH /im/v2/accounts/{id}"
        case .account(_, .refreshToken): "PATCH /im/v2/accounts/{id}/actions/refresh_token"
        case .account(_, .disable): "PATCH /im/v2/accounts/{id}/actions/disable"
        case .account(_, .read): "GET /im/v2/accounts/{id}"
        case .accounts: "GET /im/v2/accounts"
        case .kick: "POST /im/v2/accounts/{id}/actions/kick"
        case .consoleSettings: "GET /console/commsease/settings"
        case .changeConsoleSettings: "POST /console/commsease/settings"
        case .consoleOverview: "GET /console/commsease/accounts"
        case .consoleCreate: "POST /console/commsease/accounts"
        }
    }

    static func fields(of command: CommsEaseCommand) -> [Field] {
        switch command {
        case .create(let accid, let token, _), .update(let accid, let token, _):
            [.account(stored(accid))] + (token.map { [.secret($0)] } ?? [])
        case .refreshToken(let accid), .unblock(let accid): [.account(stored(accid))]
        case .block(let accid, let needKick, let notify, let needUnbindPushToken):
            [.account(stored(accid)), Field("needkick", .flag(needKick))]
                + (notify.map { [Field("kickNotifyExt", Field.clipped($0))] } ?? [])
                + (needUnbindPushToken ? [Field("needUnbindPushToken", .flag(true))] : [])
        case .mute(let accid, let isMuted): [.account(stored(accid)), Field("mute", .flag(isMuted))]
        case .muteModules(let accid, let modules): [.account(stored(accid))] + fields(of: modules, .v1)
        case .onlineStatus(let accids): [Field("accounts", .number(accids.count))]
        case .accounts(let ids): [Field("accounts", .number(ids.count))]
        case .account(let id, let action): [.account(stored(id))] + fields(of: action)
        case .kick(let accid, let type, let deviceIDs, let notify):
            [.account(stored(accid)), Field("type", .number(type))]
                + deviceIDs.prefix(mostDevices).map { .device($0) }
                + (notify.map { [Field("kick_notify_extension", Field.clipped($0))] } ?? [])
        case .consoleSettings, .consoleOverview: []
        case .consoleCreate(let accid, let token):
            [.account(stored(accid))] + (token.map { [.secret($0)] } ?? [])
        case .changeConsoleSettings(let patch):
            (patch.json.members ?? []).map { member in
                // A URL has a port in it, which differs from run to run.
                member.name == "loginCallback"
                    ? Field(member.name, .flag(member.value != .string("")))
                    : Field(member.name, String(decoding: member.value.encoded(), as: UTF8.self))
            }
        }
    }

    private static func fields(of action: CommsEaseAccountAction) -> [Field] {
        switch action {
        case .create(let patch): fields(of: patch)
        case .update(let patch, let needKick, let notify): fields(of: patch) + fields(ofKick: needKick, notify)
        case .disable(let isEnabled, let needKick, let notify):
            [Field("enabled", .flag(isEnabled))] + fields(ofKick: needKick, notify)
        case .refreshToken, .read: []
        }
    }

    /// The card is left out: it is about a person and decides nothing.
    private static func fields(of patch: CommsEaseAccountPatch) -> [Field] {
        (patch.token.map { [.secret($0)] } ?? []) + (patch.isEnabled.map { [Field("enabled", .flag($0))] } ?? [])
            + fields(of: patch.mutes, .v2)
    }

    private static func fields(of mutes: [CommsEaseMute: Bool], _ dialect: CommsEaseDialect) -> [Field] {
        CommsEaseMute.allCases.compactMap { mute in mutes[mute].map { Field(mute.name(dialect), .flag($0)) } }
    }

    private static func fields(ofKick needKick: Bool, _ notify: String?) -> [Field] {
        [Field("need_kick", .flag(needKick))]
            + (notify.map { [Field("kick_notify_extension", Field.clipped($0))] } ?? [])
    }
}
