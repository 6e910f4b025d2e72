import LoginCore
import Providers
import Services

/// The operator's and the lab's own requests to the app server, each one HTTP call.
struct OperatorClient: Sendable {
    let http: HTTPService
    let base: String
    let key: Secret?
    let clock: LabClock

    /// Sends `request` and hands back the answer, or one sentence.
    func send(_ request: AppServerRequest) async -> Result<HTTPResponseValue, OperatorFailure> {
        let answer = await http.send(base, request.http(operatorKey: key, cause: nil), clock.deadline(.seconds(10)))
        switch answer {
        case .failure(let cause):
            return .failure(
                OperatorFailure(
                    sentence: "the app server cannot be reached (\(cause))",
                    isCertificateRefused: cause == .tls("certificate")))
        case .success(let response):
            if let error = AppServerError(parsing: response) {
                return .failure(
                    OperatorFailure(
                        sentence: "the app server says: \(error.message)", isKeyRefused: error.name == "operator_only"))
            }
            return .success(response)
        }
    }

    /// Sends `request` and reads the answer as `Answer`.
    func ask<Answer>(
        _ request: AppServerRequest, _ parse: (HTTPResponseValue) -> Result<Answer, AppServerError>
    ) async -> Result<Answer, OperatorFailure> {
        switch await send(request) {
        case .failure(let failure): .failure(failure)
        case .success(let response):
            parse(response).mapError { OperatorFailure(sentence: "the app server says: \($0.message)") }
        }
    }
}

/// Why an operator's request was not followed, in one sentence.
struct OperatorFailure: Error {
    let sentence: String
    /// Whether the operator key was the reason.
    var isKeyRefused = false
    /// Whether nobody whom this program trusts vouches for the other side's certificate.
    var isCertificateRefused = false
}
