import CloudServer
import LoginCore
import Services
import Testing

@Suite("Device ids over real sockets", .timeLimit(.minutes(5)))
struct DeviceIDTests {
    @Test("Two stores over one directory play two devices, which the server tells apart")
    func twoStores() async throws {
        try await withTemporaryDirectory { directory in
            try await TestLab.run { lab in
                let (first, _) = try TokenStore.open(directory: directory)
                let (second, _) = try TokenStore.open(directory: directory)
                let one = try #require(try first.claim(["A"], count: 1).first)
                let two = try #require(try second.claim(["A"], count: 1).first)
                #expect(one.name == "A")
                #expect(two.name == "B", "the profile is in use, so the next one is taken")
                #expect(one.deviceID != two.deviceID)
                let a = try await lab.device("A", deviceID: one.deviceID, keeper: .store(first, profile: "A"))
                let b = try await lab.device("B", deviceID: two.deviceID, keeper: .store(second, profile: "B"))
                try await a.signedIn()
                try await b.signedIn()
                #expect(try await a.stopped().kick?.reason == 1)
                let ids = lab.record.view.entries(of: .imServer).filter { $0.title == "login" }.compactMap { entry in
                    entry.fields.first { $0.name == "device" }?.value
                }
                #expect(ids == [.id(kind: "device", one.deviceID), .id(kind: "device", two.deviceID)])
            }
        }
    }
}
