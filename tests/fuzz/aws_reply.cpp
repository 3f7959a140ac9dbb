// What an AWS service answers: XML, of which hearth takes the texts.
#include "providers/aws/xml_reply.hpp"

#include "fuzz/target.hpp"
#include "providers/aws/sts_failure.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    namespace aws = providers::aws;
    const auto reply = aws::XmlReply::parse(input);
    if (reply) {
        const auto code = reply->text("ErrorResponse/Error/Code");
        require(code.size() <= input.size());
    } else {
        require(reply.error().what == "the answer is not the XML that AWS sends");
    }
    static constexpr std::string_view token = "the-callers-session-token";
    std::vector<Secret> secrets;
    secrets.emplace_back(token);
    const HttpResponse response{.status = 403, .headers = {}, .body = Secret(input)};
    const auto failure =
        aws::sts_failure("AssumeRole", {.url = "https://sts.amazonaws.com/", .region = "us-east-1"},
                         response, secrets, Instant());
    require(!failure.error.what.contains(token));
    require(failure.error.what.size() < 700);
}

}  // namespace hearth::fuzz
