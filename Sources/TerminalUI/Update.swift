import LoginCore
import Providers
import TerminalFrame

/// Takes one event into the model and says what the lab shall do.
package func update(_ model: inout Model, _ event: UIEvent) -> [LabCommand] {
    switch event {
    case .key(let key):
        guard model.screening == nil else { return model.pressedInFilm(key) }
        let provider = model.provider.id
        let isHome = provider == model.home.id
        return model.pressed(key).map { !isHome && $0.concernsProvider ? .about(provider: provider, $0) : $0 }
    case .resized(let size): model.resize(size)
    case .snapshot(let snapshot): model.take(snapshot)
    case .entries(let entries): model.timeline.append(entries)
    case .rewound(let now):
        model.timeline = Timeline(showsHeartbeats: model.timeline.showsHeartbeats)
        model.now = now
    case .tick(let now): model.now = max(model.now, now)
    case .filmBegan(let number, let provider): return model.beginFilm(number, provider)
    case .film(let number, let event): return model.passOn(event, toFilm: number)
    case .filmFailed(let text): model.filmFailed(text)
    case .jumped(let entry): _ = model.timeline.select(entry)
    case .stories(let stories): model.stories = stories
    case .message(let text): model.status = StatusLine(text: text, kind: .note)
    case .commandFailed(let text): model.commandFailed(text)
    }
    return []
}

extension Model {
    fileprivate mutating func resize(_ size: Size) {
        self.size = size
        changeFilm { $0.size = size }
    }

    fileprivate mutating func take(_ snapshot: LabSnapshot) {
        let known = self.snapshot?.devices.count ?? 0
        if awaitsDevice, snapshot.devices.count > known, let newest = snapshot.devices.last {
            select(newest.name)
            awaitsDevice = false
        }
        self.snapshot = snapshot
        now = max(now, snapshot.now)
        offerPeople()
    }

    /// Fills a login form that was opened before anybody was known, unless something was typed into it meanwhile.
    private mutating func offerPeople() {
        guard case .form(let form)? = popups.last, case .signIn = form.kind, form.suggestions.isEmpty,
            form.fields.allSatisfy({ $0.input.text.isEmpty })
        else { return }
        popups[popups.count - 1] = .form(.make(form.kind, self))
    }

    /// What was asked for did not work: the form comes back, unless the user went on to something else.
    fileprivate mutating func commandFailed(_ text: String) {
        if var form = sentForm, popups.isEmpty, filterInput == nil {
            form.problem = text
            popups.append(.form(form))
            status = nil
        } else {
            status = StatusLine(text: text, kind: .problem)
        }
        if case .register = sentForm?.kind { lastRegistered = nil }
        sentForm = nil
    }

    mutating func pressed(_ key: Key) -> [LabCommand] {
        let scope = keyScope
        let binding = KeyTable.binding(key, in: scope)
        if isTooSmall {
            // Nothing can be seen, so nothing but the way out is done.
            guard let action = binding?.action, [.quit, .redraw, .suspend, .filmLeave].contains(action) else {
                return []
            }
            return perform(action, key)
        }
        if let binding { return perform(binding.action, key) }
        return typed(key, in: scope)
    }

    /// A key without a row of its own: text, or the letter of a menu's row.
    private mutating func typed(_ key: Key, in scope: KeyScope) -> [LabCommand] {
        guard case .character(let character) = key else { return [] }
        switch scope {
        case .form: type(character)
        case .filter: typeFilter(character)
        case .menu: return chooseMenuItem(character)
        case .help: typeHelp(character)
        case .stories: changeStories { $0.type(character) }
        case .lab, .film:
            status = StatusLine(text: "No key does that: ? shows all keys.", kind: .note)
        case .entry, .everywhere, .text: break
        }
        return []
    }

    /// Does what a key or a row of the help means.
    mutating func perform(_ action: Action, _ key: Key? = nil) -> [LabCommand] {
        switch action {
        case .quit: return [.quit]
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .formSubmit, .formCancel, .formNextField, .formPreviousField, .formUp, .formDown, .formShowSecrets,
            .textLeft, .textRight, .textHome, .textEnd, .textBackspace, .textDelete, .textDeleteToStart,
            .textDeleteWord:
            guard filterInput == nil else { return performInFilter(action) }
            if case .stories? = popups.last {
                changeStories { $0.edit(action) }
                return []
            }
            return performInForm(action)
        case .filterKeep, .filterDrop: return performInFilter(action)
        case .menuUp, .menuDown, .menuFirst, .menuLast, .menuChoose, .menuBack: return performInMenu(action)
        case .inspectUp, .inspectDown, .inspectPageUp, .inspectPageDown, .inspectStart, .inspectEnd, .inspectCause,
            .inspectEffect, .inspectBack:
            performInEntry(action)
            return []
        case .helpUp, .helpDown, .helpPageUp, .helpPageDown, .helpRun, .helpErase, .helpBack:
            return performInHelp(action)
        case .storyUp, .storyDown, .storyPageUp, .storyPageDown, .storyFirst, .storyLast, .storyPlay, .storyBack:
            return performInStories(action)
        case .filmPlay, .filmStep, .filmFaster, .filmSlower, .filmRewind, .filmJump, .filmLeave:
            return performInFilm(action)
        default: return performInLab(action, key)
        }
    }

    private mutating func performInLab(_ action: Action, _ key: Key?) -> [LabCommand] {
        // The user goes on: an answer to the last form finds its place in the status line from here on.
        sentForm = nil
        if status == nil, notice != nil { readNotices += 1 }
        status = nil
        if let obstacle = obstacle(action) {
            status = StatusLine(text: obstacle, kind: .problem)
            return []
        }
        switch action {
        case .help: popups.append(.help(HelpList()))
        case .palette: popups.append(.help(HelpList(isPalette: true)))
        case .storiesMenu: return openStories()
        case .nextDevice: selectDevice(by: 1)
        case .previousDevice: selectDevice(by: -1)
        case .selectDevice: selectDevice(key)
        case .operatorMenu: popups.append(.menu(Menu(.operators(user: nil))))
        case .backendMenu: popups.append(.menu(Menu(.backend)))
        case .zoomTimeline: isZoomed.toggle()
        case .toggleHeartbeats: toggleHeartbeats()
        case .toggleLane: timeline.setLane(timeline.lane == nil ? selectedDevice.map { .device($0.name) } : nil)
        case .filter: filterInput = TextInput(timeline.filter)
        case .clear:
            timeline.setFilter("")
            timeline.setLane(nil)
            timeline.selectTail()
        case .timelineUp: timeline.move(by: -1)
        case .timelineDown: timeline.move(by: 1)
        case .timelinePageUp: timeline.move(by: -max(1, layout.timelineRows - 1))
        case .timelinePageDown: timeline.move(by: max(1, layout.timelineRows - 1))
        case .timelineStart: timeline.selectFirst()
        case .timelineEnd: timeline.selectTail()
        case .inspect:
            if let entry = timeline.selected { popups.append(.entry(Inspection(id: entry.id, entry: entry))) }
        case .addDevice:
            awaitsDevice = true
            return [.addDevice]
        default:
            guard let device = selectedDevice else { return [] }
            return performOnDevice(action, device)
        }
        return []
    }

    private mutating func performOnDevice(_ action: Action, _ device: DeviceSnapshot) -> [LabCommand] {
        let name = device.name
        switch action {
        case .signIn: popups.append(.form(.make(.signIn(device: name), self)))
        case .register: popups.append(.form(.make(.register(device: name), self)))
        case .tokenLogin: popups.append(.form(.make(.tokenLogin(device: name), self)))
        case .echo: popups.append(.form(.make(.echo(device: name), self)))
        case .kickOthers: popups.append(.menu(Menu(.kickOthers(device: name))))
        case .networkMenu: popups.append(.menu(Menu(.network(device: name))))
        case .settingsMenu: popups.append(.menu(Menu(.settings(device: name))))
        case .automaticLogin: return [.automaticLogin(device: name, forced: false)]
        case .forcedLogin: return [.automaticLogin(device: name, forced: true)]
        case .logOut: return [.logOut(device: name)]
        case .cut: return [.cut(device: name)]
        case .toggleBackground: return [device.isInBackground ? .foreground(device: name) : .background(device: name)]
        case .restartApp: return [.restartApp(device: name)]
        case .toggleRunning: return [device.isRunning ? .stopApp(device: name) : .startApp(device: name)]
        case .renewNow: return [.renewNow(device: name)]
        case .toggleToken: return [device.tokenText == nil ? .revealToken(device: name) : .hideToken(device: name)]
        default: break
        }
        return []
    }

    private mutating func selectDevice(by steps: Int) {
        let devices = snapshot?.devices ?? []
        guard !devices.isEmpty else { return }
        let index = devices.firstIndex { $0.name == selectedDevice?.name } ?? 0
        select(devices[(index + steps + devices.count) % devices.count].name)
    }

    private mutating func select(_ name: String) {
        selectedName = name
        // A timeline of one device goes along with the selection.
        if timeline.lane != nil { timeline.setLane(.device(name)) }
    }

    private mutating func selectDevice(_ key: Key?) {
        guard case .character(let character) = key, let number = character.wholeNumberValue else {
            return selectDevice(by: 1)
        }
        let devices = snapshot?.devices ?? []
        guard devices.indices.contains(number - 1) else {
            status = StatusLine(text: "There is no device \(number): + adds one.", kind: .problem)
            return
        }
        select(devices[number - 1].name)
    }

    private mutating func toggleHeartbeats() {
        timeline.toggleHeartbeats()
        let text = timeline.showsHeartbeats ? "Heartbeats are shown." : "Heartbeats that succeed are hidden."
        status = StatusLine(text: text, kind: .note)
    }
}
