import LoginCore
import TerminalFrame

extension Model {
    /// The menu on top, if that is what is on top.
    package var menu: Menu? {
        guard case .menu(let menu) = popups.last else { return nil }
        return menu
    }

    mutating func performInMenu(_ action: Action) -> [LabCommand] {
        guard var menu else { return [] }
        let items = menu.items(self)
        // The rows may have become fewer since the menu was drawn.
        menu.selected = min(menu.selected, max(0, items.count - 1))
        switch action {
        case .menuUp: menu.selected = max(0, menu.selected - 1)
        case .menuDown: menu.selected = min(max(0, items.count - 1), menu.selected + 1)
        case .menuFirst: menu.selected = 0
        case .menuLast: menu.selected = max(0, items.count - 1)
        case .menuChoose:
            guard items.indices.contains(menu.selected) else { return [] }
            return choose(items[menu.selected])
        case .menuBack:
            popups.removeLast()
            return []
        default: break
        }
        popups[popups.count - 1] = .menu(menu)
        return []
    }

    /// The row that a letter names; letters without a row do nothing, q goes back.
    mutating func chooseMenuItem(_ character: Character) -> [LabCommand] {
        guard var menu else { return [] }
        let items = menu.items(self)
        guard let index = items.firstIndex(where: { $0.key == character }) else {
            if character == "q" { popups.removeLast() }
            return []
        }
        menu.selected = index
        popups[popups.count - 1] = .menu(menu)
        return choose(items[index])
    }

    private mutating func choose(_ item: MenuItem) -> [LabCommand] {
        if let obstacle = item.obstacle {
            status = StatusLine(text: obstacle, kind: .problem)
            return []
        }
        status = nil
        switch item.choice {
        case .command(let command):
            // A choice out of a settings' list leads back to the settings; an operator's command to the lab.
            switch menu?.kind {
            case .deletion, .oneDevice: popups.removeAll()
            default: break
            }
            if popups.count > 1 { popups.removeLast() } else { popups.removeAll() }
            return [command]
        case .change(let command): return [command]
        case .form(let kind): popups.append(.form(.make(kind, self)))
        case .menu(let kind): popups.append(.menu(Menu(kind)))
        case .person(let user): popups = [.menu(Menu(.operators(user: user)))]
        }
        return []
    }
}
