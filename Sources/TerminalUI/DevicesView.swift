import LoginCore
import Providers
import TerminalFrame

/// How a device's SDK state is marked: a sign, a word and a colour.
struct StateMark {
    let sign: String
    let word: String
    let style: Style

    init(_ device: DeviceSnapshot, _ model: Model, _ glyphs: Glyphs) {
        guard device.isRunning else {
            (sign, word, style) = (glyphs.separator, "not running", Look.dim)
            return
        }
        switch device.sdkStateKind {
        case .online: (sign, style) = (glyphs.filledCircle, Look.good)
        case .acquiringToken, .connecting, .authenticating, .syncing, .loggingOut:
            (sign, style) = (glyphs.halfCircle, Look.busy)
        case .waiting, .waitingForNetwork: (sign, style) = (glyphs.halfCircle, Look.busy)
        case .stopped: (sign, style) = (glyphs.failure, Look.bad)
        case .uninitialised, .loggedOut, .connectingFirst, .connected: (sign, style) = (glyphs.hollowCircle, Look.plain)
        }
        if let next = device.nextAttempt, device.sdkStateKind == .waiting {
            word = "retry \(FieldText.countdown(next.due - model.now))"
        } else {
            word = device.sdkStateKind.word
        }
    }
}

/// The list of devices.
enum DevicesView {
    static func draw(_ model: Model, _ rect: Rect, on canvas: inout Canvas) {
        canvas.heading("Devices", rect)
        let devices = model.snapshot?.devices ?? []
        guard !devices.isEmpty else {
            canvas.write("none yet", x: rect.x + 3, y: rect.y + 1, style: Look.dim, width: rect.width - 4)
            return
        }
        let isMixed = model.isMixed
        for (index, device) in devices.prefix(rect.height - 1).enumerated() {
            let y = rect.y + 1 + index
            let isSelected = device.name == model.selectedDevice?.name
            let mark = StateMark(device, model, canvas.glyphs)
            let strong = isSelected ? Look.strong : Look.plain
            canvas.write(isSelected ? canvas.glyphs.marker : " ", x: rect.x, y: y, style: Look.heading, width: 1)
            canvas.write("\(index + 1)", x: rect.x + 1, y: y, style: Look.dim, width: 1)
            if device.network.mode != .pass {
                canvas.write(canvas.glyphs.warning, x: rect.x + 2, y: y, style: Look.busy, width: 1)
            }
            canvas.write(device.name, x: rect.x + 3, y: y, style: strong, width: 2)
            let x = rect.endX - 13
            if isMixed {
                // The first word of the title is what the pane has room for.
                let provider = model.provider(of: device).title.prefix { $0 != " " }
                canvas.write(String(provider), x: rect.x + 5, y: y, style: strong, width: x - rect.x - 6)
            } else {
                canvas.write(device.platform.name, x: rect.x + 6, y: y, style: strong, width: x - rect.x - 7)
            }
            canvas.write(mark.sign, x: x, y: y, style: mark.style, width: 1)
            canvas.write(mark.word, x: x + 2, y: y, style: mark.style, width: 11)
        }
    }

    /// All devices in one row, for the zoomed timeline.
    static func drawStrip(_ model: Model, _ rect: Rect, on canvas: inout Canvas) {
        var spans: [Span] = []
        for (index, device) in (model.snapshot?.devices ?? []).enumerated() {
            let isSelected = device.name == model.selectedDevice?.name
            let mark = StateMark(device, model, canvas.glyphs)
            spans.append(Span(isSelected ? canvas.glyphs.marker : " ", Look.heading))
            spans.append(Span("\(index + 1) \(device.name) ", isSelected ? Look.strong : Look.plain))
            spans.append(Span("\(mark.sign) \(mark.word)   ", mark.style))
        }
        canvas.write(Line(spans), x: rect.x, y: rect.y, width: rect.width)
    }
}

/// The app server's users and their demo passwords.
enum PeopleView {
    static func draw(_ model: Model, _ rect: Rect, on canvas: inout Canvas) {
        canvas.heading("People, demo passwords", rect)
        let people = model.people
        let rows = rect.height - 1
        guard rows > 0 else { return }
        let isCut = people.count > rows
        for (index, person) in people.prefix(isCut ? rows - 1 : rows).enumerated() {
            draw(person, Rect(x: rect.x + 1, y: rect.y + 1 + index, width: rect.width - 1, height: 1), on: &canvas)
        }
        if isCut {
            canvas.write(
                "\(people.count - rows + 1) more: u, then p", x: rect.x + 1, y: rect.endY - 1, style: Look.dim,
                width: rect.width - 1)
        } else if people.isEmpty, case .foreign = model.snapshot?.backend {
            canvas.write("known to their server", x: rect.x + 1, y: rect.y + 1, style: Look.dim, width: rect.width - 1)
        }
    }

    private static func draw(_ person: PersonView, _ rect: Rect, on canvas: inout Canvas) {
        var end = rect.endX
        if person.isBanned {
            end = canvas.writeRight(Line("banned", Look.bad), endX: end, y: rect.y, width: 6) - 1
        }
        let name = 9
        canvas.write(person.user, x: rect.x, y: rect.y, style: Look.strong, width: name)
        let passwordX = rect.x + name + 1
        guard rect.width >= 36 else {
            let password = person.demoPassword ?? "your password"
            canvas.write(
                password, x: passwordX, y: rect.y, style: person.demoPassword == nil ? Look.dim : Look.plain,
                width: end - passwordX)
            return
        }
        canvas.write(
            person.demoPassword ?? "your own", x: passwordX, y: rect.y,
            style: person.demoPassword == nil ? Look.dim : Look.plain, width: 11)
        let accountX = passwordX + 12
        canvas.write(person.account ?? "", x: accountX, y: rect.y, style: Look.dim, width: end - accountX)
    }
}
