import LoginCore
import Providers
import Scenarios
import Testing

/// Every event in every state that can be reached.
@Suite("The machines are searched to the end")
struct MachineSearchTests {
    @Test("The SDK keeps its rules in every state that can be reached, and every phase is reached")
    func sdk() throws {
        for provider in ProviderRegistry.all {
            let kind = try DeviceKind(provider: provider.id, generation: nil)
            let graph = MachineSearch.sdk(kind.generation.policy)
            #expect(graph.problems.isEmpty, "\(graph.problems.prefix(5))")
            #expect(graph.isExhausted)
            #expect(Set(graph.nodes) == Set(LoginMachine.Phase.allCases.map(\.rawValue)))
            #expect(graph.stateCount > 100)
            #expect(!MachineSearch.sdk(kind.generation.policy, depth: 3).isExhausted)
        }
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
