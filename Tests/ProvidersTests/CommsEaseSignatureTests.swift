import Foundation
import LoginCore
import Providers
import Testing

/// The worked examples of commsease.md §10 and §11.1.
@Suite("CommsEase signatures")
struct CommsEaseSignatureTests {
    private let secret = Secret("123456789012", kind: .appSecret)
    private let token =
        "eyJzaWduYXR1cmUiOiI1YTZkNDk5YWVhZDVhZDY1YWViZjhmNDZlODJmYjgyMDBiMzUyMzY2IiwiY3VyVGltZSI6MTYxNDc2NDYxMTU2MSwi"
        + "dHRsIjo2MDB9"

    @Test("The web API's CheckSum is that of the worked example")
    func checkSum() {
        #expect(
            CommsEaseSignature.checkSum(appSecret: secret, nonce: "12345", curTime: "1443592222")
                == "06f0def1a9e83ef48c9564044c4068c8834b4ae8")
    }

    @Test("A dynamic token's signature, JSON, text and end are those of the worked example")
    func dynamicToken() throws {
        let signature = CommsEaseSignature.dynamicToken(
            appKey: "go9dnk49bkd9jd9vmel1kglw0803mgq3", accid: "zhangsan", curTime: 1_614_764_611_561, ttl: 600,
            appSecret: secret)
        #expect(signature == "5a6d499aead5ad65aebf8f46e82fb8200b352366")
        let made = CommsEaseDynamicToken(signature: signature, curTime: 1_614_764_611_561, ttl: 600)
        #expect(made.text == token)
        let json = try #require(Data(base64Encoded: made.text))
        #expect(
            String(decoding: json, as: UTF8.self)
                == #"{"signature":"5a6d499aead5ad65aebf8f46e82fb8200b352366","curTime":1614764611561,"ttl":600}"#)
        #expect(CommsEaseDynamicToken(token) == made)
        #expect(made.expires == Instant(milliseconds: 1_614_765_211_561))
    }

    @Test("A dynamic token's key order and white space do not matter")
    func dynamicTokenInAnyOrder() throws {
        let json = " { \"ttl\" : 600,\n \"extra\": 1, \"curTime\":1614764611561 , \"signature\" : \"s\" } "
        let text = Data(json.utf8).base64EncodedString()
        #expect(
            CommsEaseDynamicToken(text)
                == CommsEaseDynamicToken(signature: "s", curTime: 1_614_764_611_561, ttl: 600))
    }

    @Test(
        "What is no dynamic token is not read as one",
        arguments: [
            "", "t0k", "%%%%", "{}", #"{"signature":"s","curTime":1}"#, #"{"signature":"s","ttl":1}"#,
            #"{"curTime":1,"ttl":1}"#, #"{"signature":1,"curTime":1,"ttl":1}"#,
            #"{"signature":"s","curTime":"1","ttl":1}"#, #"{"signature":"s","curTime":1,"ttl":1.5}"#,
            #"{"signature":"s","curTime":1,"ttl":99999999999999999999}"#,
            #"{"signature":"s","signature":"s","curTime":1,"ttl":1}"#, #"[1]"#,
        ])
    func refusesOtherTokens(_ text: String) {
        #expect(CommsEaseDynamicToken(text) == nil)
        #expect(CommsEaseDynamicToken(Data(text.utf8).base64EncodedString()) == nil)
    }

    @Test("A token that would outlive time itself has no end", arguments: [Int64.max, Int64.min, Int64.max / 1000])
    func endsWithoutTrap(_ number: Int64) {
        #expect(CommsEaseDynamicToken(signature: "s", curTime: Int64.max, ttl: number).expires == nil)
        #expect(CommsEaseDynamicToken(signature: "s", curTime: number, ttl: Int64.max).expires == nil)
    }

    @Test("A callback's MD5 and CheckSum are those of the worked example")
    func callback() {
        let body =
            #"{"eventType":36,"fromAccount":"zhangsan","fromDeviceId":"dev-1","fromClientType":"IOS","token":"t0k","#
            + #""authType":2,"loginExt":"ext","timestamp":"1614764611561"}"#
        let md5 = CommsEaseSignature.callbackMD5(body: Array(body.utf8))
        #expect(md5 == "d143536e82ec598c5b414df53c070918")
        #expect(
            CommsEaseSignature.callbackCheckSum(appSecret: secret, md5: md5, curTime: "1614764611561")
                == "18cbcff6eae38d9aa856c9f434e320ab7767436d")
    }

    @Test("A stand-in carries the first eight digits of SHA-256")
    func standIn() {
        // SHA-256 of "abc" is ba7816bf 8f01cfea ... (FIPS 180-4, example 1).
        let reference = SecretDigest.reference(for: Secret("abc", kind: .token), name: "token-1")
        #expect(reference == SecretRef(kind: .token, name: "token-1", length: 3, digest: "ba7816bf"))
    }
}
