import LoginCore
import Providers

/// The web API (commsease.md §11) and the console, which is ours.
extension CommsEaseCloud {
    mutating func answer(_ request: HTTPRequestValue, on exchange: ExchangeID, _ turn: inout Turn) {
        let cause = EntryID(in: request.headers)
        switch CommsEaseCommand.parse(request) {
        case .failure(let error):
            let fields = [
                Field("method", Field.clipped(request.method, to: 16)), Field("path", Field.clipped(request.path)),
            ]
            let entry = turn.record(&apiLane, .httpRequest, "request not understood", fields, cause: cause)
            refuse(error, to: request, "request", on: exchange, cause: entry, &turn)
        case .success(let call):
            let title = Self.title(of: call.command)
            let isLookUp = call.command == .consoleSettings
            let entry = turn.record(
                &apiLane, .httpRequest, title, Self.fields(of: call.command), cause: cause, isHeartbeat: isLookUp)
            if let error = mint.check(call.credentials, at: turn.now) ?? repetition(request, at: turn.now) {
                return refuse(error, to: request, title, on: exchange, cause: entry, &turn)
            }
            switch perform(call.command, cause: entry, &turn) {
            case .failed(let code, let desc):
                refuse(CommsEaseAPIError(code: code, desc: desc), to: request, title, on: exchange, cause: entry, &turn)
            case let answer:
                let entry = turn.record(
                    &apiLane, .httpResponse, "\(title) → 200", cause: entry, isHeartbeat: isLookUp)
                turn.emit(.respond(exchange, answer.http(CommsEaseDialect(path: request.path), cause: entry)))
            }
        }
    }

    private mutating func refuse(
        _ error: CommsEaseAPIError, to request: HTTPRequestValue, _ title: String, on exchange: ExchangeID,
        cause: EntryID, _ turn: inout Turn
    ) {
        let entry = turn.record(&apiLane, .httpResponse, "\(title) → \(error.code)", [.code(error.code)], cause: cause)
        turn.emit(.respond(exchange, error.http(CommsEaseDialect(path: request.path), cause: entry)))
    }

    /// A request id that was seen already is answered 431 (commsease.md §11.1, inferred; the text is ours).
    private mutating func repetition(_ request: HTTPRequestValue, at now: Instant) -> CommsEaseAPIError? {
        let ids = request.values(of: "RequestId") + request.values(of: "X-custom-traceid")
        guard let id = ids.first, !id.isEmpty, id.utf8.count <= 128 else { return nil }
        return recentRequests.isNew(id, at: now) ? nil : CommsEaseAPIError(code: 431, desc: "repeated request")
    }

    private mutating func perform(_ command: CommsEaseCommand, cause: EntryID, _ turn: inout Turn) -> CommsEaseAnswer {
        switch command {
        case .create(let accid, let token, let name): return create(accid, token, name, cause: cause, &turn)
        case .consoleSettings: return .settings(console)
        case .changeConsoleSettings(let patch): return change(patch, cause: cause, &turn)
        case .kick(let accid, let type, let deviceIDs, let notify):
            guard accounts[Self.stored(accid)] != nil else {
                return .failed(code: 102_404, desc: "account not exist")
            }
            return kick(Self.stored(accid), type, deviceIDs, notify ?? "", cause: cause, &turn)
        case .update(let accid, _), .refreshToken(let accid), .block(let accid, _, _), .unblock(let accid):
            guard let account = accounts[Self.stored(accid)] else {
                return .failed(code: 414, desc: "\(Self.stored(accid)) not register")
            }
            return perform(command, on: account, cause: cause, &turn)
        }
    }

    private mutating func perform(
        _ command: CommsEaseCommand, on account: Account, cause: EntryID, _ turn: inout Turn
    ) -> CommsEaseAnswer {
        switch command {
        case .update(_, let token?):
            replaceToken(of: account, with: token, cause: cause, &turn)
            return .ok
        case .refreshToken:
            let token = drawToken(&turn)
            replaceToken(of: account, with: token, cause: cause, &turn)
            return .info(accid: account.accid, token: token, name: nil)
        case .block(_, let needKick, let kickNotifyExt):
            setBan(true, account, cause: cause, &turn)
            if needKick {
                let all = clients(of: account.accid)
                kickOff(all, of: account.accid, kickNotifyExt ?? "", cause: cause, &turn)
            }
            return .ok
        case .unblock:
            setBan(false, account, cause: cause, &turn)
            return .ok
        case .update(_, nil), .create, .kick, .consoleSettings, .changeConsoleSettings:  // nothing to do here
            return .ok
        }
    }

    private mutating func create(
        _ accid: String, _ token: Secret?, _ name: String?, cause: EntryID, _ turn: inout Turn
    ) -> CommsEaseAnswer {
        let accid = Self.stored(accid)
        guard accounts[accid] == nil else { return .failed(code: 414, desc: "already register") }
        let token = token ?? drawToken(&turn)
        keep(Account(accid: accid, name: name, token: token), &turn)
        turn.record(&apiLane, .state, "account created", [.account(accid), .secret(token)], cause: cause)
        return .info(accid: accid, token: token, name: name ?? "")
    }

    /// From now on only the new token opens the door; who is in stays in (commsease.md §12.3).
    private mutating func replaceToken(
        of account: Account, with token: Secret, cause: EntryID, _ turn: inout Turn
    ) {
        var account = account
        let old = SecretDigest.reference(for: account.token, name: "token").digest
        let new = SecretDigest.reference(for: token, name: "token").digest
        if !ConstantTime.areEqual(account.token, token) {
            account.replacedTokens = Array(([old] + account.replacedTokens).filter { $0 != new }.prefix(8))
            account.token = token
        }
        keep(account, &turn)
        turn.record(
            &apiLane, .state, "token replaced", [.account(account.accid), .secret(token), .rule(CloudRule.token)],
            cause: cause)
    }

    private mutating func setBan(_ isBanned: Bool, _ account: Account, cause: EntryID, _ turn: inout Turn) {
        var account = account
        account.isBanned = isBanned
        keep(account, &turn)
        turn.record(
            &apiLane, .state, isBanned ? "account banned" : "account unbanned",
            [.account(account.accid), .rule(isBanned ? CloudRule.ban : CloudRule.unban)], cause: cause)
    }

    private mutating func change(
        _ patch: CommsEaseConsolePatch, cause: EntryID, _ turn: inout Turn
    ) -> CommsEaseAnswer {
        let changed = CommsEaseConsoleSettings(
            devicePolicy: patch.devicePolicy ?? console.devicePolicy, authTypes: patch.authTypes ?? console.authTypes)
        if changed != console {
            console = changed
            turn.emit(.save(consoleRecord))
        }
        turn.record(
            &apiLane, .state, "console settings changed",
            [
                Field("devicePolicy", .number(console.devicePolicy)),
                Field("authTypes", console.authTypes.map(String.init).joined(separator: ", ")), .rule(CloudRule.policy),
            ], cause: cause)
        return .settings(console)
    }

    /// Type 1 kicks all, 2 those listed, 3 all but those listed (commsease.md §11.3).
    private mutating func kick(
        _ accid: String, _ type: Int, _ deviceIDs: [String], _ notify: String, cause: EntryID, _ turn: inout Turn
    ) -> CommsEaseAnswer {
        let all = clients(of: accid)
        let listed = Set(deviceIDs)
        let chosen =
            switch type {
            case 2: all.filter { listed.contains($0.session.deviceID) }
            case 3: all.filter { !listed.contains($0.session.deviceID) }
            default: all
            }
        kickOff(chosen, of: accid, notify, cause: cause, &turn)
        let present = Set(all.map(\.session.deviceID))
        var told: Set<String> = []
        // Which code a listed device that is not online gets is in no source; 404 is the table's "not found" [ours].
        let failed = type == 2 ? deviceIDs.filter { !present.contains($0) && told.insert($0).inserted } : []
        return .kicked(
            success: chosen.map { client in
                CommsEaseKickedDevice(
                    deviceID: client.session.deviceID, loginTime: client.session.since.milliseconds,
                    clientType: client.session.clientType, session: client.session.client.id)
            },
            failed: failed.map { CommsEaseKickFailure(deviceID: $0, code: 404, text: "device not online") })
    }

    /// Kicks clients by the server's own decision and tells those that stay.
    private mutating func kickOff(
        _ chosen: [Client], of accid: String, _ text: String, cause: EntryID, _ turn: inout Turn
    ) {
        let notice = KickNotice(reason: 2, text: text, clientType: 0)
        for client in chosen { kickOff(client, notice, cause: cause, &turn) }
        tellOthers(of: accid, .logout, chosen.map(\.session.client), cause: cause, &turn)
    }

    // MARK: Transcript

    /// Method and path, an account's name left out of it, so that two runs compare.
    private static func title(of command: CommsEaseCommand) -> String {
        switch command {
        case .create: "POST /user/create.action"
        case .update: "POST /user/update.action"
        case .refreshToken: "POST /user/refreshToken.action"
        case .block: "POST /user/block.action"
        case .unblock: "POST /user/unblock.action"
        case .kick: "POST /im/v2/accounts/{id}/actions/kick"
        case .consoleSettings: "GET /console/commsease/settings"
        case .changeConsoleSettings: "POST /console/commsease/settings"
        }
    }

    private static func fields(of command: CommsEaseCommand) -> [Field] {
        switch command {
        case .create(let accid, let token, _), .update(let accid, let token):
            [.account(stored(accid))] + (token.map { [.secret($0)] } ?? [])
        case .refreshToken(let accid), .unblock(let accid): [.account(stored(accid))]
        case .block(let accid, let needKick, let notify):
            [.account(stored(accid)), Field("needkick", .flag(needKick))]
                + (notify.map { [Field("kickNotifyExt", Field.clipped($0))] } ?? [])
        case .kick(let accid, let type, let deviceIDs, let notify):
            [.account(stored(accid)), Field("type", .number(type))]
                + deviceIDs.prefix(mostDevices).map { .device($0) }
                + (notify.map { [Field("kick_notify_extension", Field.clipped($0))] } ?? [])
        case .consoleSettings: []
        case .changeConsoleSettings(let patch):
            [
                patch.devicePolicy.map { Field("devicePolicy", .number($0)) },
                patch.authTypes.map { Field("authTypes", $0.map(String.init).joined(separator: ", ")) },
            ].compactMap { $0 }
        }
    }
}
