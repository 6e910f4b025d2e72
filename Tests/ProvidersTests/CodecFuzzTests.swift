import LoginCore
import Providers
import Testing

/// Broken bytes are refused or read, and never end the program: 20,000 seeded mutations of valid bytes per codec.
@Suite("Broken bytes")
struct CodecFuzzTests {
    private static let rounds = 20_000

    /// How many of the mutations were read; the same seed must give the same number.
    private func readable(_ seeds: [[UInt8]], seed: UInt64, _ read: ([UInt8]) -> Bool) -> Int {
        var mutator = Mutator(seed: seed)
        var count = 0
        for round in 0..<Self.rounds where read(mutator.mutate(seeds[round % seeds.count])) { count += 1 }
        return count
    }

    @Test("Frames of the SDK: what is read is written and read again as the same frame", .timeLimit(.minutes(5)))
    func clientFrames() {
        let seeds = ClientFrameRow.all.map { Array($0.wire.utf8) }
        let count = readable(seeds, seed: 1) { bytes in
            guard let frame = try? LinkCodec.decodeClient(bytes) else { return false }
            #expect((try? LinkCodec.decodeClient(LinkCodec.encode(frame))) == frame)
            return true
        }
        #expect(count > 0 && count < Self.rounds, "both outcomes must be met, or the mutations prove nothing")
    }

    @Test("Frames of the server: what is read is written and read again as the same frame", .timeLimit(.minutes(5)))
    func serverFrames() {
        let seeds = ServerFrameRow.all.map { Array($0.wire.utf8) }
        let count = readable(seeds, seed: 2) { bytes in
            guard let frame = try? LinkCodec.decodeServer(bytes) else { return false }
            #expect((try? LinkCodec.decodeServer(LinkCodec.encode(frame))) == frame)
            _ = frame.message
            return true
        }
        #expect(count > 0 && count < Self.rounds)
    }

    @Test("Requests to the app server, body and path broken in turn", .timeLimit(.minutes(5)))
    func appServerRequests() {
        let key = Secret("k", kind: .operatorKey)
        let requests = AppServerCodecTests.requests.map { $0.http(operatorKey: key, cause: nil) }
        var mutator = Mutator(seed: 3)
        var outcomes: [Int: Int] = [:]
        for round in 0..<Self.rounds {
            var request = requests[round % requests.count]
            if round % 5 == 0 {
                request.path = mutator.mutate(Array(request.path.utf8)).utf8Text
            } else {
                request.body = mutator.mutate(request.body)
            }
            let result = AppServerRequest.parse(request)
            outcomes[result.failure?.status ?? 200, default: 0] += 1
            if case .success(let read) = result {
                #expect((try? AppServerRequest.parse(read.http(operatorKey: key, cause: nil)).get()) == read)
            }
        }
        #expect(Set(outcomes.keys).isSuperset(of: [200, 400, 404]))
    }

    @Test("Calls of the web API, body, path and headers broken in turn", .timeLimit(.minutes(5)))
    func webAPICalls() {
        let calls = CommsEaseWebAPITests.commands.map {
            $0.http(credentials: CommsEaseWebAPITests.credentials, requestID: "r", cause: nil)
        }
        var mutator = Mutator(seed: 4)
        var outcomes: [Int: Int] = [:]
        for round in 0..<Self.rounds {
            var call = calls[round % calls.count]
            switch round % 5 {
            case 0: call.path = mutator.mutate(Array(call.path.utf8)).utf8Text
            case 1:
                let index = Int(mutator.random.below(UInt64(call.headers.count)))
                call.headers[index].value = mutator.mutate(Array(call.headers[index].value.utf8)).utf8Text
            default: call.body = mutator.mutate(call.body)
            }
            let result = CommsEaseCommand.parse(call)
            outcomes[result.failure?.code ?? 200, default: 0] += 1
            if case .success(let read) = result {
                let again = read.command.http(credentials: read.credentials, requestID: nil, cause: nil)
                #expect((try? CommsEaseCommand.parse(again).get()) == read)
            }
        }
        // A path that is cut short may be another call's, which takes another method.
        #expect(Set(outcomes.keys).subtracting([405]) == [200, 404, 414])
    }

    @Test("Answers of the app server and of the web API", .timeLimit(.minutes(5)))
    func answers() {
        let grant = AppServerGrant(
            session: Secret("s", kind: .session), sessionExpires: Instant(milliseconds: 1),
            token: TokenGrant(
                provider: "p", account: "a", token: Secret("t", kind: .token), kind: .dynamic,
                expires: Instant(milliseconds: 2), serverTime: Instant(milliseconds: 1)))
        let count = readable([grant.http(cause: nil).body], seed: 5) { bytes in
            let response = HTTPResponseValue(status: 200, body: bytes)
            guard let read = try? AppServerGrant.parse(response).get() else { return false }
            #expect((try? AppServerGrant.parse(read.http(cause: nil)).get()) == read)
            return true
        }
        #expect(count > 0 && count < Self.rounds)
        let seeds = CommsEaseWebAPITests.answers.map { $0.2.http($0.1, cause: nil).body }
        let commands = CommsEaseWebAPITests.answers.map(\.0)
        var next = 0
        let accepted = readable(seeds, seed: 6) { bytes in
            defer { next += 1 }
            let answer = CommsEaseAnswer.parse(
                HTTPResponseValue(status: 200, body: bytes), to: commands[next % commands.count])
            if case .failed(let code, _) = answer {
                #expect(code != 200)
                return false
            }
            return true
        }
        #expect(accepted > 0 && accepted < Self.rounds)
    }

    @Test("Dynamic tokens", .timeLimit(.minutes(5)))
    func dynamicTokens() {
        let token = CommsEaseDynamicToken(signature: "abc", curTime: 1_614_764_611_561, ttl: 600).text
        let count = readable([Array(token.utf8)], seed: 7) { bytes in
            guard let read = CommsEaseDynamicToken(bytes.utf8Text) else { return false }
            _ = read.expires
            #expect(CommsEaseDynamicToken(read.text) == read)
            return true
        }
        #expect(count > 0 && count < Self.rounds)
    }
}
