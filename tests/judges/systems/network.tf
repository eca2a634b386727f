data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

data "aws_route_table" "main" {
  vpc_id = data.aws_vpc.default.id
}

resource "aws_security_group" "connector" {
  name        = "chatbot-connector"
  description = "What the services send"
  vpc_id      = data.aws_vpc.default.id
}

resource "aws_security_group" "endpoints" {
  name        = "chatbot-endpoints"
  description = "What the endpoints take"
  vpc_id      = data.aws_vpc.default.id
  tags        = { team = "chatbot" }
}

resource "aws_vpc_security_group_egress_rule" "connector_https" {
  security_group_id            = aws_security_group.connector.id
  referenced_security_group_id = aws_security_group.endpoints.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  description                  = "to the endpoints"
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_https" {
  security_group_id            = aws_security_group.endpoints.id
  referenced_security_group_id = aws_security_group.connector.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  tags                         = { team = "chatbot" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_inside" {
  security_group_id = aws_security_group.endpoints.id
  cidr_ipv4         = data.aws_vpc.default.cidr_block
  ip_protocol       = "-1"
}

resource "aws_vpc_endpoint" "secrets" {
  vpc_id              = data.aws_vpc.default.id
  service_name        = "com.amazonaws.us-east-2.secretsmanager"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = slice(sort(data.aws_subnets.default.ids), 0, 2)
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
  tags                = { team = "chatbot" }
}

resource "aws_vpc_endpoint" "storage" {
  vpc_id          = data.aws_vpc.default.id
  service_name    = "com.amazonaws.us-east-2.s3"
  route_table_ids = [data.aws_route_table.main.id]
}
