// A token or a key that a person typed or piped, or that lies in a file.
#include "fuzz/target.hpp"
#include "sources/given.hpp"
#include "stores/seal.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    if (const auto token = sources::token_in(input, "input")) {
        require(sendable(token->reveal()) && token->size() <= sources::longest_token);
        require(input.contains(token->reveal()));
        const auto again = sources::token_in(token->reveal(), "input");
        require(again && same_secret(*again, *token));
    } else {
        require_sound(token.error());
    }
    if (const auto key = stores::parse_key(Secret(input))) {
        require(key->size() == stores::seal_key_size);
    }
    require(stores::from_base64(stores::to_base64(input)) == input);
    if (const auto bytes = stores::from_base64(input)) {
        require(stores::from_base64(stores::to_base64(*bytes)) == bytes);
    }
}

}  // namespace hearth::fuzz
