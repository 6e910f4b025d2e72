import LoginCore
import Providers
import Services

/// Turns the app server's answers into the app's events; secrets go into the vault and stand-ins go on.
struct AnswerReader {
    let provider: Provider
    let vault: SecretVault
    /// When the answer arrived, by the lab's clock.
    let now: Instant

    /// The entry of the app server that the answer names as its cause.
    func cause(of answer: Result<HTTPResponseValue, CloseCause>) -> EntryID? {
        guard case .success(let response) = answer else { return nil }
        return response.values(of: HTTPHeader.causeName).first.flatMap(EntryID.init)
    }

    func event(
        _ id: CallID, _ call: AppServerCall, _ answer: Result<HTTPResponseValue, CloseCause>
    ) -> AppFlow.Event {
        let response: HTTPResponseValue
        switch answer {
        case .success(let value): response = value
        case .failure(let cause): return .callFailed(id, .unreachable(cause))
        }
        switch call {
        case .register(let user, _, _):
            return read(id, Registered.parse(response, for: provider)) { registered in
                .registered(id, user: user, account: AccountName(registered.account))
            }
        case .login(let user, _):
            return read(id, AppServerGrant.parse(response, for: provider)) { grant in
                .granted(id, user: user, session: vault.keep(grant.session), token(grant.token), at: now)
            }
        case .token:
            return read(id, TokenGrant.parse(response, for: provider)) { grant in
                .tokenGranted(id, token(grant), at: now)
            }
        case .logout:
            return .sessionEnded(id)
        }
    }

    private func read<Answer>(
        _ id: CallID, _ result: Result<Answer, AppServerError>, _ event: (Answer) -> AppFlow.Event
    ) -> AppFlow.Event {
        switch result {
        case .success(let answer): event(answer)
        case .failure(let error): .callFailed(id, .refused(name: error.name, message: error.message))
        }
    }

    /// Lifetimes count from the server's own time, so that a client's wrong clock does no harm.
    private func token(_ grant: TokenGrant) -> GrantedToken {
        GrantedToken(
            account: AccountName(grant.account), token: vault.keep(grant.token), kind: grant.kind,
            lifetime: grant.expires.map { $0 - grant.serverTime })
    }
}
