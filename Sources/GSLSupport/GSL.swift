internal import CGSL

/// GSL's process-wide settings.
enum GSL {
  /// GSL's default error handler aborts the process; evaluating this once switches it off, after which
  /// every call reports by its return value.
  static let quiet: Void = {
    _ = unsafe gsl_set_error_handler_off()
  }()
}
