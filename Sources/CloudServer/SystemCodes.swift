import Foundation

/// Whether a connect failed because nobody takes it there.
func isRefusal(_ code: Int32) -> Bool {
    switch code {
    case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ENETDOWN, EADDRNOTAVAIL, EACCES, EPERM: true
    default: false
    }
}
