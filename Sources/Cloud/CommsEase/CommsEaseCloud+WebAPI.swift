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
            let entry = turn.record(&lanes.api, .httpRequest, "request not understood", fields, cause: cause)
            refuse(error, to: request, "request", on: exchange, cause: entry, &turn)
        case .success(let call):
            let title = Self.title(of: call.command)
            let isLookUp = call.command == .consoleSettings || call.command == .consoleOverview
            let entry = turn.record(
                &lanes.api, .httpRequest, title, Self.fields(of: call.command), cause: cause, isHeartbeat: isLookUp)
            if let error = mint.check(call.credentials, at: turn.now) ?? repetition(request, at: turn.now)
                ?? excess(of: call.command, at: turn.now)
            {
                return refuse(error, to: request, title, on: exchange, cause: entry, &turn)
            }
            switch perform(call.command, cause: entry, &turn) {
            case .failed(let code, let desc):
                refuse(CommsEaseAPIError(code: code, desc: desc), to: request, title, on: exchange, cause: entry, &turn)
            case let answer:
                let entry = turn.record(
                    &lanes.api, .httpResponse, "\(title) → 200", cause: entry, isHeartbeat: isLookUp)
                turn.emit(.respond(exchange, answer.http(CommsEaseDialect(path: request.path), cause: entry)))
            }
        }
    }

    mutating func refuse(
        _ error: CommsEaseAPIError, to request: HTTPRequestValue, _ title: String, on exchange: ExchangeID,
        cause: EntryID, _ turn: inout Turn
    ) {
        let entry = turn.record(
            &lanes.api, .httpResponse, "\(title) → \(error.code)", [.code(error.code)], cause: cause)
        turn.emit(.respond(exchange, error.http(CommsEaseDialect(path: request.path), cause: entry)))
    }

    /// A request id that was seen already is answered 431 (commsease.md §11.1, inferred; the text is ours).
    private mutating func repetition(_ request: HTTPRequestValue, at now: Instant) -> CommsEaseAPIError? {
        let ids = request.values(of: "RequestId") + request.values(of: "X-custom-traceid")
        guard let id = ids.first, !id.isEmpty, id.utf8.count <= 128 else { return nil }
        return recentRequests.isNew(id, at: now) ? nil : CommsEaseAPIError(code: 431, desc: "repeated request")
    }

    /// More calls of one kind than a second may have are answered 416, and so are all of them for ten seconds
    /// (commsease.md §11.3; the text is ours); the console is ours and has no limit.
    private mutating func excess(of command: CommsEaseCommand, at now: Instant) -> CommsEaseAPIError? {
        switch command {
        case .consoleSettings, .changeConsoleSettings, .consoleOverview, .consoleCreate: return nil
        default: break
        }
        return rates.allows(Self.title(of: command), limit: console.rateLimit, at: now)
            ? nil : CommsEaseAPIError(code: 416, desc: "too many requests")
    }

    private mutating func perform(_ command: CommsEaseCommand, cause: EntryID, _ turn: inout Turn) -> CommsEaseAnswer {
        switch command {
        case .create(let accid, let token, let profile):
            guard let account = create(accid, token, profile, cause: cause, &turn) else {
                return .failed(code: 414, desc: "already register")
            }
            return .info(accid: account.accid, token: account.token, name: account.profile.name ?? "")
        case .consoleSettings: return .settings(console)
        case .changeConsoleSettings(let patch): return change(patch, cause: cause, &turn)
        case .consoleOverview: return .overview(overview(at: turn.now))
        case .consoleCreate(let accid, let token): return createInConsole(accid, token, cause: cause, &turn)
        case .onlineStatus(let accids): return online(accids)
        case .account(let id, let action): return perform(action, on: Self.stored(id), cause: cause, &turn)
        case .accounts(let ids): return views(of: ids)
        case .kick(let accid, let type, let deviceIDs, let notify):
            guard accounts[Self.stored(accid)] != nil else { return Self.noAccount }
            return kick(Self.stored(accid), type, deviceIDs, notify ?? "", cause: cause, &turn)
        case .update(let accid, _, _), .refreshToken(let accid), .block(let accid, _, _, _), .unblock(let accid),
            .mute(let accid, _), .muteModules(let accid, _):
            guard let account = accounts[Self.stored(accid)] else {
                return .failed(code: 414, desc: "\(Self.stored(accid)) not register")
            }
            return perform(command, on: account, cause: cause, &turn)
        }
    }

    private mutating func perform(
        _ command: CommsEaseCommand, on account: Account, cause: EntryID, _ turn: inout Turn
    ) -> CommsEaseAnswer {
        let accid = account.accid
        switch command {
        case .update(_, let token, let props):
            var card = CommsEaseProfile()
            card.props = props
            setProfile(of: accid, card, &turn)
            if let token { replaceToken(of: accid, with: token, cause: cause, &turn) }
            return .ok
        case .refreshToken:
            let token = drawToken(&turn)
            replaceToken(of: accid, with: token, cause: cause, &turn)
            return .info(accid: accid, token: token, name: nil)
        case .block(_, let needKick, let kickNotifyExt, _):
            setBan(true, accid, cause: cause, &turn)
            if needKick { kickOff(desk.seats(of: accid), of: accid, kickNotifyExt ?? "", cause: cause, &turn) }
            return .ok
        case .unblock:
            setBan(false, accid, cause: cause, &turn)
            return .ok
        case .mute(_, let isMuted):
            setMutes([.all: isMuted], accid, cause: cause, &turn)
            return .ok
        case .muteModules(_, let modules):
            setMutes(modules, accid, cause: cause, &turn)
            return .mutes(accounts[accid]?.mutes.subtracting([.all]) ?? [])
        // Answered before an account is looked for.
        case .create, .kick, .onlineStatus, .account, .accounts, .consoleSettings, .changeConsoleSettings,
            .consoleOverview, .consoleCreate:
            return .ok
        }
    }

    private mutating func change(
        _ patch: CommsEaseConsolePatch, cause: EntryID, _ turn: inout Turn
    ) -> CommsEaseAnswer {
        var changed = console
        changed.take(patch)
        if changed != console {
            console = changed
            turn.emit(.save(consoleRecord))
        }
        turn.record(
            &lanes.api, .state, "console settings changed",
            Self.fields(of: CommsEaseCommand.changeConsoleSettings(patch)) + [.rule(CloudRule.policy)], cause: cause)
        return .settings(console)
    }

    /// Type 1 kicks all, 2 those listed, 3 all but those listed (commsease.md §11.3).
    private mutating func kick(
        _ accid: String, _ type: Int, _ deviceIDs: [String], _ notify: String, cause: EntryID, _ turn: inout Turn
    ) -> CommsEaseAnswer {
        let all = desk.seats(of: accid)
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
    mutating func kickOff(
        _ chosen: [Desk.Seat], of accid: String, _ text: String, cause: EntryID, _ turn: inout Turn
    ) {
        let notice = KickNotice(reason: 2, text: text, clientType: 0)
        for client in chosen { kickOff(client, notice, cause: cause, &turn) }
        tellOthers(of: accid, .logout, chosen.map(\.session.client), cause: cause, &turn)
    }
}
