#include "sandbox/devices.hpp"

#include <algorithm>

#include "sandbox/account.hpp"
#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

namespace {

// RFC 8628 section 6.1: no vowels, so that no word comes out, and nothing that is read for
// something else.
constexpr std::string_view user_code_letters = "BCDFGHJKLMNPQRSTVWXZ";
constexpr milliseconds early_by{200};  // A poll may arrive a little sooner than it was meant to.
constexpr seconds slower_by{5};

std::string letters_of(std::string_view user_code) {
    std::string letters;
    for (const char character : user_code) {
        if (character >= 'a' && character <= 'z')
            letters += static_cast<char>(character - 'a' + 'A');
        else if (character >= 'A' && character <= 'Z')
            letters += character;
    }
    return letters;
}

std::unexpected<OAuthError> told(std::string code, std::string why) {
    return std::unexpected(OAuthError{std::move(code), std::move(why)});
}

}  // namespace

const DeviceSignIn& Devices::begin(Permission permission, Instant now) {
    DeviceSignIn sign_in;
    sign_in.device_code = "sandbox_device_" + random_token(32);
    sign_in.user_code = random_text(4, user_code_letters) + '-' + random_text(4, user_code_letters);
    sign_in.permission = std::move(permission);
    sign_in.expires_at = now + rules_.lifetime;
    sign_in.interval = rules_.interval;
    return sign_ins_.emplace_back(std::move(sign_in));
}

DeviceSignIn* Devices::waiting(std::string_view user_code, Instant now) {
    const std::string letters = letters_of(user_code);
    for (auto& sign_in : sign_ins_) {
        if (sign_in.state == DeviceSignIn::State::waiting && now < sign_in.expires_at &&
            letters_of(sign_in.user_code) == letters)
            return &sign_in;
    }
    return nullptr;
}

Outcome<Permission> Devices::poll(std::string_view device_code, const std::string& client_id,
                                  Instant now) {
    const auto found = std::ranges::find(sign_ins_, device_code, [](const DeviceSignIn& one) {
        return std::string_view(one.device_code);
    });
    if (found == sign_ins_.end()) return told("invalid_grant", "the device code is unknown");
    if (found->permission.client_id != client_id)
        return told("invalid_grant", "the device code was issued to another client");
    if (found->state == DeviceSignIn::State::redeemed)
        return told("invalid_grant", "the device code was used before");
    if (now >= found->expires_at) return told("expired_token", "nobody decided in time");

    const auto before = std::exchange(found->polled_at, now);
    if (before && now - *before + early_by < found->interval) {
        found->interval += slower_by;
        return told("slow_down", "the next polls must be five seconds further apart");
    }
    if (found->state == DeviceSignIn::State::waiting && rules_.approve_after_polls &&
        found->polls++ >= *rules_.approve_after_polls) {
        found->state = DeviceSignIn::State::allowed;
        found->permission.user = demo_user;
        found->permission.signed_in_at = now;
    }
    if (found->state == DeviceSignIn::State::denied)
        return told("access_denied", "the person said no");
    if (found->state == DeviceSignIn::State::waiting)
        return told("authorization_pending", "the person has not decided yet");
    found->state = DeviceSignIn::State::redeemed;
    return found->permission;
}

}  // namespace hearth::sandbox
