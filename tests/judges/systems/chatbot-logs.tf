# The log groups that App Runner has made.

locals {
  logs = { for name in ["application", "service"] : name => join("/", [
    "/aws/apprunner", aws_apprunner_service.web["prod"].service_name, aws_apprunner_service.web["prod"].service_id, name,
  ]) }
}

import {
  for_each = local.logs
  to       = aws_cloudwatch_log_group.web[each.key]
  id       = each.value
}

resource "aws_cloudwatch_log_group" "web" {
  for_each          = local.logs
  name              = each.value
  retention_in_days = 30
}
