import Foundation
import LoginCore
import Providers

/// Makes and checks Tencent's UserSigs; the one place that uses the app's key.
package struct TencentMint: Sendable {
    /// Why a UserSig does not open the door.
    package struct Refusal: Error, Hashable, Sendable {
        /// The code of tencent.md §1.4.
        package let code: Int
        /// A few words; they never repeat the ticket.
        package let why: String

        /// The row of §1.4.
        package var rule: RuleID { RuleID("TC-1.4-\(code)") }

        package init(code: Int, why: String) {
            self.code = code
            self.why = why
        }
    }

    /// How long a UserSig lives when nobody says otherwise (§1.1).
    package static let usualLifetime: Duration = .seconds(15_552_000)

    /// The SDKAppID in decimal digits.
    package let appKey: String
    private let appSecret: AppSecret
    private let code: MessageCode
    private let known = KnownTokens<TencentUserSig>()

    package init(appKey: String, appSecret: AppSecret) {
        self.appKey = appKey
        self.appSecret = appSecret
        code = MessageCode(key: appSecret.forMinting.reveal(for: .verification))
    }

    /// An SDKAppID of ten digits that begins with 14, and a key of 64 hexadecimal digits (§1.1), as the examples have them.
    package static func newApp(hex: (Int) -> String) -> (key: String, secret: String) {
        let number = Int(hex(3), radix: 16) ?? 0
        return (String(1_400_000_000 + number), hex(32))
    }

    /// A UserSig that is issued in the second of `now`; a lifetime is cut to whole seconds.
    package func userSig(
        for userID: String, at now: Instant, lifetime: Duration = usualLifetime, userbuf: [UInt8]? = nil,
        packing: TencentUserSig.Packing = .stored
    ) -> Secret {
        var ticket = TencentUserSig(
            identifier: userID, sdkAppID: Int64(appKey) ?? 0, time: now.seconds, expire: lifetime.components.seconds,
            userbuf: userbuf.map { Data($0).base64EncodedString() }, signature: "")
        ticket.signature = signature(of: ticket)
        return Secret(ticket.text(packing), kind: .token)
    }

    /// Checks a UserSig in the order of §1.4; `voidedBefore` is the second of the last kick by the web API.
    ///
    /// `appKey` and `userID` are those of the request.
    package func check(
        _ userSig: Secret, userID: String, appKey: String, at now: Instant, voidedBefore: Int64? = nil
    ) -> Result<TencentUserSig, Refusal> {
        let seen = known.content(of: userSig)
        let ticket: TencentUserSig
        do {
            if let seen {
                ticket = seen
            } else {
                ticket = try TencentUserSig(parsing: userSig.reveal(for: .verification))
            }
        } catch {
            return .failure(Refusal(code: error.code, why: Self.why(error)))
        }
        guard appKey == self.appKey else { return .failure(Refusal(code: 70020, why: "the SDKAppID is not known")) }
        guard !hasNoKey else { return .failure(Refusal(code: 70016, why: "the app has no key")) }
        guard names(ticket, appKey: appKey) else {
            return .failure(Refusal(code: 70014, why: "the UserSig is for another SDKAppID"))
        }
        guard Self.isSame(ticket.identifier, userID) else {
            return .failure(Refusal(code: 70013, why: "the UserSig is for another UserID"))
        }
        guard seen != nil || fits(ticket) else {
            return .failure(Refusal(code: 70009, why: "the UserSig's signature does not fit"))
        }
        if seen == nil { known.keep(ticket, of: userSig) }
        guard !ticket.isExpired(at: now) else { return .failure(Refusal(code: 70001, why: "the UserSig has expired")) }
        // A ticket of the kick's own second passes, so that one made right after the kick works [ours].
        if let voidedBefore, ticket.time < voidedBefore {
            return .failure(Refusal(code: 70052, why: "the UserSig was made before a kick"))
        }
        return .success(ticket)
    }

    /// Whether the app has no key, with which nothing can be checked.
    var hasNoKey: Bool { appSecret.forMinting.length == 0 }

    /// Whether the ticket is for the app.
    func names(_ ticket: TencentUserSig, appKey: String) -> Bool {
        String(ticket.sdkAppID) == appKey
    }

    /// Whether the ticket is signed with this key for what it claims.
    func fits(_ ticket: TencentUserSig) -> Bool {
        ConstantTime.areEqual(ticket.signature, signature(of: ticket))
    }

    /// UserIDs are bytes: Swift's own comparison would take two spellings of one letter for the same.
    static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }

    /// The key is used as text; its hexadecimal digits are not decoded (§1.1).
    private func signature(of ticket: TencentUserSig) -> String {
        Data(code(of: Array(ticket.content.utf8))).base64EncodedString()
    }

    private static func why(_ problem: TencentUserSig.Problem) -> String {
        switch problem {
        case .empty: "the UserSig is empty"
        case .tooLong: "the UserSig is too long"
        case .alphabet: "the UserSig is not of its alphabet"
        case .container(.cutOff): "the UserSig is cut off"
        case .container: "the UserSig is damaged"
        case .notJSON: "the UserSig holds no JSON object"
        case .claims: "the UserSig lacks a claim"
        }
    }
}
