import Providers

/// How the web API refuses what its cloud does not get to see, in its own bodies (commsease.md §11.1).
extension CommsEaseCloud {
    static func refusal(_ why: ListenerRefusal, of request: HTTPRequestValue) -> HTTPResponseValue {
        let error =
            switch why {
            case .tooLarge: CommsEaseAPIError(code: 414, desc: "body too long")
            case .foreignHost: CommsEaseAPIError(code: 403, desc: "host is not loopback")
            }
        return error.http(CommsEaseDialect(path: request.path), cause: nil)
    }
}
