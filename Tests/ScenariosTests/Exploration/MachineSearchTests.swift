import LoginCore
import Providers
import Scenarios
import Testing

/// Every event in every state that can be reached.
@Suite("The machines are searched to the end")
struct MachineSearchTests {
    @Test(
        "The SDK keeps its rules in every state that can be reached, and every phase is reached",
        arguments: ProviderRegistry.all.flatMap { provider in provider.generations.map { [provider.id, $0.id] } })
    func sdk(_ names: [String]) throws {
        let policy = try DeviceKind(provider: names[0], generation: names[1]).generation.policy
        let graph = MachineSearch.sdk(policy)
        #expect(graph.problems.isEmpty, "\(graph.problems.prefix(5))")
        #expect(graph.isExhausted)
        let phases = LoginMachine.Phase.allCases.filter { phase in
            switch phase {
            case .acquiringToken: policy.asksBeforeLink
            case .connectingFirst, .connected: policy.connectsFirst
            default: true
            }
        }
        #expect(Set(graph.nodes) == Set(phases.map(\.rawValue)))
        #expect(graph.stateCount > 100)
        #expect(!MachineSearch.sdk(policy, depth: 3).isExhausted)
    }

    @Test("The app keeps its rules in every state that can be reached", arguments: ProductForm.allCases)
    func app(_ form: ProductForm) throws {
        let kind = try DeviceKind(provider: ProviderRegistry.all[0].id, generation: nil)
        let graph = MachineSearch.app(kind.generation.policy, form: form)
        #expect(graph.problems.isEmpty, "\(graph.problems.prefix(5))")
        #expect(graph.isExhausted)
        #expect(graph.nodes.count == AppPhase.allCases.count)
    }

    @Test("The diagram is one, and the same in every run")
    func diagram() throws {
        let kind = try DeviceKind(provider: ProviderRegistry.all[0].id, generation: nil)
        let graph = MachineSearch.sdk(kind.generation.policy)
        #expect(graph.mermaid.hasPrefix("stateDiagram-v2\n    [*] --> uninitialised\n"))
        #expect(graph.mermaid == MachineSearch.sdk(kind.generation.policy).mermaid)
        #expect(graph.mermaid.contains("    syncing --> online : synced\n"))
    }
}
