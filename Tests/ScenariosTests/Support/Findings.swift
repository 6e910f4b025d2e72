import LoginCore
import Providers
import Scenarios
import Testing

extension VirtualWorld {
    /// What the operator is answered, some seconds later.
    @discardableResult
    mutating func operate(_ request: AppServerRequest) throws -> HTTPResponseValue {
        try perform(.operate(request))
        run(for: .seconds(5))
        return try #require(operations.last ?? nil).get()
    }

    /// What a lab notes of earlier runs as it begins.
    mutating func findings() throws -> Recording.Doing {
        let settings = try AppServerSettings.parse(try operate(.settings)).get()
        let people = try Person.parseList(try operate(.people)).get()
        let known = people.compactMap { person in
            person.account.map { Recording.Person(user: person.user, account: $0, isBanned: person.isBanned) }
        }
        return .found(Recording.Settings(settings), people: known)
    }
}
