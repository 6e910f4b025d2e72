import Foundation
import LoginCore
import Providers
import Scenarios
import Testing

@Suite("The built-in stories")
struct BuiltInStoryTests {
    @Test("Every story comes true", arguments: BuiltInStories.sources.map(\.name))
    func passes(name: String) throws {
        let source = try #require(BuiltInStories.source(named: name))
        let story = try source.parse()
        let result = try story.play()
        if let failure = result.failure {
            Issue.record("\(source.file):\(failure.line): \(failure.expected): \(failure.saw)")
        }
    }
}
