import LoginCore
import Providers
import TerminalFrame

/// The selected device: its SDK's state and countdown, its app's state and why, and its timers.
enum DeviceView {
    static func draw(_ model: Model, _ rect: Rect, on canvas: inout Canvas) {
        guard let device = model.selectedDevice else {
            canvas.heading("Device", rect)
            let text = model.snapshot == nil ? "starting the backend\(canvas.glyphs.ellipsis)" : "no device yet"
            canvas.write(text, x: rect.x + 1, y: rect.y + 1, style: Look.dim, width: rect.width - 2)
            return
        }
        var title = [
            "Device \(device.name)", device.generationTitle, device.platform.name, device.productForm.rawValue,
        ]
        // "V9 iOS" says it all.
        if device.generationTitle.hasSuffix(device.platform.name) { title.remove(at: 2) }
        title.removeAll(where: \.isEmpty)
        if device.afterRefusal == .ask { title.append("ask") }
        if !device.renewsEarly { title.append("no early renewal") }
        if rect.width >= 70, !device.deviceID.isEmpty { title.append("id \(device.deviceID)") }
        // What is done to the device matters more than how it is set up, which the settings show too.
        let remark = situation(device)
        let room = rect.width - (remark.isEmpty ? 4 : 7 + DisplayWidth.columns(of: remark))
        while title.count > 1, DisplayWidth.columns(of: title.joined(separator: ", ")) > room { title.removeLast() }
        canvas.heading(
            title.joined(separator: ", "), rect, remark: remark.isEmpty ? nil : Line(remark, Look.busy))
        let inside = rect.inset(left: 1, top: 1)
        let lines = lines(device, model, width: inside.width, rows: inside.height, canvas)
        canvas.write(lines, in: inside)
    }

    /// What the network and the system do to the device, for the heading.
    private static func situation(_ device: DeviceSnapshot) -> String {
        var words: [String] = []
        if device.network.mode != .pass { words.append("! \(device.network.mode.text), \(device.network.scope.text)") }
        if device.isInBackground { words.append("background") }
        return words.joined(separator: " ")
    }

    private static func lines(
        _ device: DeviceSnapshot, _ model: Model, width: Int, rows: Int, _ canvas: Canvas
    ) -> [Line] {
        guard device.isRunning else {
            return [
                Line(label("App"), Span("\(canvas.glyphs.separator) not running", Look.strong)),
                Line(label(""), Span("E starts it; the server may still think it is online")),
            ]
        }
        let sdk = sdkLines(device, model, width: width, canvas)
        var app = [
            Line(
                label("App"), Span(device.appState, Look.strong),
                Span(device.busy.map { ", \($0)\(canvas.glyphs.ellipsis)" } ?? "", Look.busy))
        ]
        let next = device.nextAttempt
        let timers = device.timers.filter { $0 != next }
        let timerRows = timers.isEmpty ? 0 : 1
        if let reason = device.appReason, !reason.isEmpty {
            let room = max(1, rows - sdk.count - 1 - timerRows)
            app += Wrap.rows(
                canvas.drawable(reason), width: width - 5, most: room, ellipsis: canvas.glyphs.ellipsis
            ).map { Line(label(""), Span($0, Look.busy)) }
        }
        var spare = rows - sdk.count - app.count
        var lines = sdk
        // A blank row between the two halves as soon as nothing has to give way for it.
        if spare > timers.count {
            lines.append(Line(""))
            spare -= 1
        }
        return lines + app + timerLines(timers, model, width: width, rows: spare, canvas)
    }

    private static func label(_ text: String) -> Span {
        Span(text + String(repeating: " ", count: 5 - text.count), Look.dim)
    }

    private static func sdkLines(_ device: DeviceSnapshot, _ model: Model, width: Int, _ canvas: Canvas) -> [Line] {
        let mark = StateMark(device, model, canvas.glyphs)
        var lines: [Line] = []
        if let next = device.nextAttempt {
            let left = FieldText.countdown(next.due - model.now)
            let countdown = "  next attempt in \(left)  "
            // The countdown matters more than the state's full words.
            let room = width - 5 - 2 - countdown.count
            let state = DisplayWidth.columns(of: device.sdkState) <= room ? device.sdkState : device.sdkStateKind.word
            let bar = canvas.bar(
                width: max(0, min(10, room - DisplayWidth.columns(of: state))),
                done: (model.now - next.started).wholeMicroseconds,
                total: (next.due - next.started).wholeMicroseconds)
            lines.append(
                Line(
                    label("SDK"), Span("\(mark.sign) \(state)", mark.style), Span(countdown, Look.strong),
                    Span(bar, Look.busy)))
        } else {
            let text = Wrap.rows(
                canvas.drawable("\(mark.sign) \(device.sdkState)"), width: width - 5, most: 2,
                ellipsis: canvas.glyphs.ellipsis)
            lines = text.enumerated().map { Line(label($0 == 0 ? "SDK" : ""), Span($1, mark.style)) }
        }
        if let steps = stepsLine(device, canvas.glyphs) { lines.append(steps) }
        if device.sdkStateKind == .waiting || device.sdkStateKind == .waitingForNetwork {
            lines.append(backoffLine(device, canvas.glyphs))
            if let trouble = device.trouble {
                lines.append(Line(label(""), Span("after \(trouble)", Look.busy)))
            }
        }
        let status = [device.loginStatus, device.connectStatus, device.mode].filter { !$0.isEmpty }
        lines.append(Line(label(""), Span(status.joined(separator: " \(canvas.glyphs.separator) "), Look.dim)))
        return lines
    }

    /// How far a login has come: link, login, sync, online.
    private static func stepsLine(_ device: DeviceSnapshot, _ glyphs: Glyphs) -> Line? {
        let done: Int
        switch device.sdkStateKind {
        case .acquiringToken, .connecting: done = 0
        case .authenticating: done = 1
        case .syncing: done = 2
        case .online: done = 4
        case .uninitialised, .loggedOut, .connectingFirst, .connected, .waiting, .waitingForNetwork, .loggingOut,
            .stopped:
            return nil
        }
        var spans = [label("")]
        for (index, step) in ["link", "login", "sync", "online"].enumerated() {
            let (sign, style) =
                index < done
                ? (glyphs.check, Look.good)
                : index == done ? (glyphs.halfCircle, Look.busy) : (glyphs.hollowCircle, Look.dim)
            spans.append(Span("\(sign) \(step)  ", style))
        }
        if let attempt = device.attempt { spans.append(Span("attempt \(attempt)", Look.dim)) }
        return Line(spans)
    }

    /// The back-off table with the delay that is being waited in brackets.
    private static func backoffLine(_ device: DeviceSnapshot, _ glyphs: Glyphs) -> Line {
        var spans = [label("")]
        if let attempt = device.attempt { spans.append(Span("attempt \(attempt)  ", Look.strong)) }
        guard let backoff = device.backoff, let last = backoff.table.last else { return Line(spans) }
        let position = max(1, backoff.position)
        // The last delay repeats: shown once more as the one waited, when the table has run out.
        let shown = position > backoff.table.count ? backoff.table + [last] : backoff.table
        let current = min(position, shown.count) - 1
        for (index, delay) in shown.enumerated() {
            let text = delay.text.hasSuffix(" s") ? String(delay.text.dropLast(2)) : delay.text
            spans.append(
                index == current
                    ? Span("[\(text)] ", Look.strong) : Span("\(text) ", index < current ? Look.dim : Look.plain))
        }
        spans.append(Span("\(last.text.dropLast(2)) \(glyphs.ellipsis) s", Look.dim))
        return Line(spans)
    }

    private static func timerLines(
        _ timers: [TimerView], _ model: Model, width: Int, rows: Int, _ canvas: Canvas
    ) -> [Line] {
        guard !timers.isEmpty, rows > 0 else { return [] }
        let sorted = timers.enumerated().sorted { ($0.element.due, $0.offset) < ($1.element.due, $1.offset) }
            .map(\.element)
        guard rows >= sorted.count, width >= 60 else {
            let texts = sorted.map { timer in
                "\(timer.purpose) in \(FieldText.countdown(timer.due - model.now)) (\(timer.owner.word))"
            }
            return Wrap.rows(
                texts.joined(separator: ", "), width: width - 5, most: rows, ellipsis: canvas.glyphs.ellipsis
            )
            .enumerated().map { Line(label($0 == 0 ? "Due" : ""), Span($1)) }
        }
        return sorted.enumerated().map { index, timer in
            let bar = canvas.bar(
                width: 10, done: (model.now - timer.started).wholeMicroseconds,
                total: (timer.due - timer.started).wholeMicroseconds)
            let purpose = DisplayWidth.clip(timer.purpose, to: 18, ellipsis: canvas.glyphs.ellipsis)
            let pad = String(repeating: " ", count: max(0, 18 - DisplayWidth.columns(of: purpose)))
            let left = FieldText.countdown(timer.due - model.now)
            let gap = String(repeating: " ", count: max(0, 7 - left.count))
            return Line(
                label(index == 0 ? "Due" : ""), Span(purpose + pad + " in " + left + gap), Span(" \(bar) ", Look.dim),
                Span(timer.owner.word, Look.dim))
        }
    }
}
