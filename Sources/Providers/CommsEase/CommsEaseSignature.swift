import Crypto
import Foundation
import LoginCore

/// CommsEase's signatures, all of them SHA-1 or MD5 in lower-case hexadecimal digits.
package enum CommsEaseSignature {
    /// The CheckSum of a web API call (commsease.md §11.1): SHA-1 of AppSecret + Nonce + CurTime, CurTime in seconds.
    package static func checkSum(appSecret: Secret, nonce: String, curTime: String) -> String {
        sha1(appSecret.reveal(for: .verification) + nonce + curTime)
    }

    /// The signature of a dynamic token (commsease.md §10): SHA-1 of AppKey + accid + curTime + ttl + AppSecret,
    /// curTime in milliseconds and ttl in seconds.
    package static func dynamicToken(
        appKey: String, accid: String, curTime: Int64, ttl: Int64, appSecret: Secret
    ) -> String {
        sha1("\(appKey)\(accid)\(curTime)\(ttl)\(appSecret.reveal(for: .verification))")
    }

    /// The MD5 header of a callback (commsease.md §10): of the body as sent.
    package static func callbackMD5(body: [UInt8]) -> String {
        var hash = Insecure.MD5()
        body.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { HexDigit.text(Array($0)[...]) }
    }

    /// The CheckSum of a callback (commsease.md §10): SHA-1 of AppSecret + MD5 + CurTime, CurTime in milliseconds.
    package static func callbackCheckSum(appSecret: Secret, md5: String, curTime: String) -> String {
        sha1(appSecret.reveal(for: .verification) + md5 + curTime)
    }

    private static func sha1(_ text: String) -> String {
        var hash = Insecure.SHA1()
        Array(text.utf8).withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { HexDigit.text(Array($0)[...]) }
    }
}

/// What a dynamic token says of itself (commsease.md §10).
package struct CommsEaseDynamicToken: Hashable, Sendable {
    package let signature: String
    /// When it was made, in milliseconds since 1970.
    package let curTime: Int64
    /// How long it lives, in seconds.
    package let ttl: Int64

    package init(signature: String, curTime: Int64, ttl: Int64) {
        self.signature = signature
        self.curTime = curTime
        self.ttl = ttl
    }

    /// Decodes base64 of a JSON object; key order and white space do not matter.
    ///
    /// Nil for anything else, for more than 4,096 bytes too.
    package init?(_ text: String) {
        guard text.utf8.count <= 4096, let data = Data(base64Encoded: text),
            let value = try? JSONValue(parsing: Array(data)), let signature = value["signature"]?.text,
            let curTime = value["curTime"]?.int, let ttl = value["ttl"]?.int
        else { return nil }
        self.init(signature: signature, curTime: Int64(curTime), ttl: Int64(ttl))
    }

    /// The token's text: standard base64 with padding of the compact JSON.
    package var text: String {
        let json = JSONValue.fields([
            "signature": .string(signature), "curTime": .integer(curTime), "ttl": .integer(ttl),
        ])
        return Data(json.encoded()).base64EncodedString()
    }

    /// When it ends; nil when that is past the end of time.
    package var expires: Instant? {
        let (life, isLong) = ttl.multipliedReportingOverflow(by: 1000)
        let (end, isLate) = curTime.addingReportingOverflow(life)
        let (microseconds, isPast) = end.multipliedReportingOverflow(by: 1000)
        return isLong || isLate || isPast ? nil : Instant(microseconds: microseconds)
    }
}
