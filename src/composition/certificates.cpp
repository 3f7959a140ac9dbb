#include "composition/certificates.hpp"

#include <filesystem>

namespace hearth::composition {
namespace {

Certificates::Place named(const Environment& environment, const char* variable) {
    const auto path = environment(variable).value_or("");
    if (path.empty()) return {};
    // The agent leaves the folder it was started in.
    std::error_code problem;
    const auto absolute = std::filesystem::absolute(path, problem);
    return {.path = problem ? path : absolute.string(), .named_by = variable};
}

}  // namespace

Certificates certificates_of(const NetworkSettings& settings, const Environment& environment) {
    if (settings.certificates.empty()) {
        return {.file = named(environment, "SSL_CERT_FILE"),
                .folder = named(environment, "SSL_CERT_DIR"),
                .system_authorities = true};
    }
    Certificates::Place place{.path = settings.certificates, .named_by = "network.certificates"};
    std::error_code ignored;
    const bool folder = std::filesystem::is_directory(settings.certificates, ignored);
    if (folder) return {.file = {}, .folder = std::move(place), .system_authorities = false};
    return {.file = std::move(place), .folder = {}, .system_authorities = false};
}

}  // namespace hearth::composition
