import LoginCore

/// Answers of an app server that may be anybody's, held against the provider that the client plays.
extension Registered {
    /// Reads a registration's answer; one for another provider, or with an account against its rule, is a `bad_answer`.
    package static func parse(
        _ response: HTTPResponseValue, for provider: Provider
    ) -> Result<Registered, AppServerError> {
        parse(response).flatMap { answer in
            provider.objection(to: answer.provider, answer.account).map { .failure($0) } ?? .success(answer)
        }
    }
}

extension TokenGrant {
    /// Reads a token's answer; one for another provider, or with an account against its rule, is a `bad_answer`.
    package static func parse(
        _ response: HTTPResponseValue, for provider: Provider
    ) -> Result<TokenGrant, AppServerError> {
        parse(response).flatMap { answer in
            provider.objection(to: answer.provider, answer.account).map { .failure($0) } ?? .success(answer)
        }
    }
}

extension AppServerGrant {
    /// Reads an app login's answer; one for another provider, or with an account against its rule, is a `bad_answer`.
    package static func parse(
        _ response: HTTPResponseValue, for provider: Provider
    ) -> Result<AppServerGrant, AppServerError> {
        parse(response).flatMap { answer in
            provider.objection(to: answer.token.provider, answer.token.account).map { .failure($0) }
                ?? .success(answer)
        }
    }
}

extension Provider {
    /// What is wrong with an account that an app server hands out, or nil.
    fileprivate func objection(to name: String, _ account: String) -> AppServerError? {
        guard name == id else {
            return .badAnswer("provider is \(quoted(name)), and this client plays \(id)")
        }
        guard case .failure(let problem) = checkAccount(account) else { return nil }
        return .badAnswer(problem.message)
    }
}
