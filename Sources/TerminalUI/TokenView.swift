import LoginCore
import Providers
import TerminalFrame

/// The selected device's account, token and saved login, and the account's other clients.
enum TokenView {
    static func draw(_ model: Model, _ rect: Rect, on canvas: inout Canvas) {
        canvas.heading("Token and account", rect)
        guard let device = model.selectedDevice else { return }
        let inside = rect.inset(left: 1, top: 1)
        canvas.write(lines(device, model, width: inside.width, rows: inside.height, canvas), in: inside)
    }

    private static let labelWidth = 9

    /// How many columns a shown token has in one row.
    static func textWidth(_ rect: Rect) -> Int { max(1, rect.width - 1 - labelWidth) }

    private static func lines(
        _ device: DeviceSnapshot, _ model: Model, width: Int, rows: Int, _ canvas: Canvas
    ) -> [Line] {
        var lines = [accountLine(device)]
        lines += tokenLines(device, model, width: width, rows: rows, canvas)
        let saved = Wrap.rows(
            canvas.drawable(device.savedLogin.text), width: width - labelWidth, most: max(1, rows - lines.count - 1),
            ellipsis: canvas.glyphs.ellipsis)
        lines += saved.enumerated().map { index, text in
            Line(label(index == 0 ? "saved" : ""), Span(text, device.savedLogin.isUsable ? Look.good : Look.plain))
        }
        let others = device.others.map { "\(model.clientName($0)) \($0.id)" }.joined(separator: ", ")
        lines.append(
            Line(label("others"), Span(others.isEmpty ? "none online" : others, others.isEmpty ? Look.dim : Look.plain))
        )
        return lines
    }

    private static func label(_ text: String) -> Span {
        Span(text + String(repeating: " ", count: labelWidth - text.count), Look.dim)
    }

    private static func accountLine(_ device: DeviceSnapshot) -> Line {
        guard let account = device.account else {
            let user = device.user.map { "none yet for \($0)" } ?? "none"
            return Line(label("account"), Span(user, Look.dim))
        }
        let user = device.user.map { " of \($0)" } ?? ""
        return Line(label("account"), Span(account, Look.strong), Span(user, Look.dim))
    }

    private static func tokenLines(
        _ device: DeviceSnapshot, _ model: Model, width: Int, rows: Int, _ canvas: Canvas
    ) -> [Line] {
        guard let token = device.token else { return [Line(label("token"), Span("none", Look.dim))] }
        var facts: [Span] = []
        if let kind = device.tokenKind { facts.append(Span("  \(model.provider.name(of: kind))", Look.plain)) }
        if let expires = device.tokenExpires {
            let left = expires - model.now
            facts.append(
                left > .zero
                    ? Span(", \(FieldText.countdown(left)) left") : Span(", expired", Look.bad))
        } else if !device.lease.isEmpty {
            facts.append(Span(", \(device.lease)", Look.dim))
        }
        let first = Line([label("token"), Span(token.description, Look.strong)] + facts)
        guard let text = device.tokenText else { return [first] }
        let shown = Wrap.rows(
            canvas.drawable(text), width: width - labelWidth, most: max(1, rows - 3), ellipsis: canvas.glyphs.ellipsis)
        return [first] + shown.map { Line(label(""), Span($0, Look.busy)) }
    }
}
