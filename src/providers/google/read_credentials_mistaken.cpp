#include <array>
#include <utility>

#include "providers/google/read_credentials.hpp"

namespace hearth::providers::google {
namespace {

struct Mistake {
    std::string_view beginning;
    std::string_view what;
    std::string_view hint;
};

// By how the text begins, which says nothing of the rest.
constexpr std::array mistakes{
    Mistake{"AIza", "is an API key of Google and no credential file",
            "API keys are for few services, and not for those that hearth has tokens for"},
    Mistake{"ya29.", "is an access token and no credential file",
            "hand it over by hearth login NAME --with-token"},
    Mistake{"1//", "is a refresh token and no credential file",
            "name the whole file that gcloud auth application-default login wrote"},
    Mistake{"eyJ", "is a JSON Web Token and no credential file",
            "a file of type external_account says where such a token is to be read"},
    Mistake{"-----BEGIN", "is a key or a certificate and no credential file",
            "make a JSON key in Google's console; it holds the key and whose it is"},
    Mistake{"\x30\x82", "is a P12 key", "make a JSON key in Google's console instead"},
};

}  // namespace

Error not_a_credential_file(std::string_view text, const FileRules& rules) {
    const auto wrong = [&](std::string_view what, std::string_view hint) {
        return Error{Remedy::usage, rules.place + " " + std::string(what), std::string(hint)};
    };
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return wrong("is empty", "write the credential file anew");
    text.remove_prefix(begin);
    for (const auto& mistake : mistakes) {
        if (text.starts_with(mistake.beginning)) return wrong(mistake.what, mistake.hint);
    }
    if (json::Document::parse(text))
        return wrong("is an OAuth client and no credential file",
                     "name it by client_file in the profile; then: hearth login");
    return wrong("is not a JSON object", "take the file as Google's console or gcloud wrote it");
}

}  // namespace hearth::providers::google
