#include "composition/installation_fingerprints.hpp"

#include "composition/installation.hpp"
#include "signing/digest.hpp"

namespace hearth::composition {

std::string InstallationFingerprints::of(const Secret& secret) const {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::size_t octets = 6;
    const std::scoped_lock lock(mutex_);
    if (!id_) id_ = installation_id(state_folder_, random_).value_or("");
    if (id_->empty()) return {};
    const auto digest = signing::hmac_sha256(*id_, secret.reveal());
    std::string text;
    for (std::size_t i = 0; i < octets; ++i) {
        text += digits[digest.at(i) >> 4U];
        text += digits[digest.at(i) & 15U];
    }
    return text;
}

}  // namespace hearth::composition
