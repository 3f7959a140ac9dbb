// Bytes that a program sends to the endpoint that it gets AWS keys from.
#include "agent/endpoint_judge.hpp"
#include "agent/endpoint_replies.hpp"
#include "fuzz/target.hpp"

namespace hearth::fuzz {
namespace {

const agent::EndpointTerms& terms() {
    static const agent::EndpointTerms expected{
        .path = "/keys", .authorization = Secret(planted), .port = 8123};
    return expected;
}

}  // namespace

void try_input(std::string_view input) {
    const auto judgement = agent::judge(input, terms());
    if (judgement.verdict == agent::Verdict::unfinished) {
        require(input.size() < agent::longest_question);
        return;
    }
    // What has been judged stays so, whatever follows it.
    const std::string more = std::string(input) + "GET / HTTP/1.1\r\n\r\n";
    require(agent::judge(more, terms()).verdict == judgement.verdict);
    if (judgement.verdict != agent::Verdict::granted) {
        const auto reply = agent::refusal_reply(judgement.verdict);
        require(!reply.reveal().starts_with("HTTP/1.1 200") && !reply.reveal().contains(planted));
        return;
    }
    require(judgement.size <= input.size() && judgement.size <= agent::longest_question);
    const auto request = input.substr(0, judgement.size);
    require(request.starts_with("GET /keys HTTP/1.") && request.ends_with("\r\n\r\n"));
    require(request.contains(planted) && request.contains(":8123"));
}

}  // namespace hearth::fuzz
