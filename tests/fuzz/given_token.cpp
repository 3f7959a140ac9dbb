// A token or a key that a person typed or piped, or that lies in a file.
#include "cli/given_token.hpp"

#include "fuzz/target.hpp"
#include "stores/seal.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    if (const auto token = cli::given_token(input)) {
        require(sendable(token->reveal()) && token->size() <= cli::longest_token);
        require(input.contains(token->reveal()));
        const auto again = cli::given_token(token->reveal());
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
