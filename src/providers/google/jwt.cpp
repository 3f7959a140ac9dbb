#include "providers/google/jwt.hpp"

#include <utility>

#include "core/arena.hpp"
#include "core/try.hpp"
#include "json/object_writer.hpp"
#include "signing/jws.hpp"

namespace hearth::providers::google {
namespace {

const char* algorithm_of(const signing::Key& key) {
    if (key.kind() == signing::KeyKind::p256) return "ES256";
    return key.kind() == signing::KeyKind::p384 ? "ES384" : "RS256";
}

}  // namespace

Result<Secret> signed_jwt(const Secret& private_key, const std::string& key_id,
                          const Secret& claims, const std::string& place) {
    const auto key = signing::Key::from_pem(private_key);
    if (!key) {
        auto error = key.error();
        error.what = place + ": " + error.what;
        return std::unexpected(std::move(error));
    }
    const auto* const algorithm = algorithm_of(*key);
    json::ObjectWriter header;
    header.text("alg", algorithm).text("typ", "JWT");
    if (!key_id.empty()) header.text("kid", key_id);
    auto text = HEARTH_TRY(signing::sign(header.take().reveal(), claims.reveal(), algorithm, *key));
    Secret jwt(text);
    Arena::wipe(text.data(), text.size());
    return jwt;
}

}  // namespace hearth::providers::google
